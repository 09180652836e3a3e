package dev.tapline.source.postgres;

import dev.tapline.spi.batch.BooleanColumn;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.DoubleColumn;
import dev.tapline.spi.batch.ListColumn;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Temporals;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.HexFormat;
import java.util.UUID;

/// Writes values of columns as PostgreSQL literals, slowly and by `java.time` and `java.math`, so
/// that the server itself can say whether they are what it sent. Null stands for NULL.
final class Literals {
  private static final long DAY = 86_400_000_000L;

  private Literals() {}

  static String of(Column column, int row) {
    if (column.isNull(row)) {
      return null;
    }
    return switch (column) {
      case BooleanColumn booleans -> String.valueOf(booleans.get(row));
      case DoubleColumn doubles ->
          column.type() == Scalar.FLOAT32
              ? String.valueOf((float) doubles.get(row))
              : String.valueOf(doubles.get(row));
      case LongColumn longs -> ofLong(column.type(), longs.get(row));
      case BytesColumn bytes -> ofBytes(bytes, row);
      case ListColumn lists -> ofList(lists, row);
    };
  }

  private static String ofLong(DataType type, long value) {
    if (type instanceof DataType.Decimal decimal) {
      if (value == Long.MIN_VALUE) {
        return "NaN";
      }
      return BigDecimal.valueOf(value, decimal.scale()).toPlainString();
    }
    return switch ((Scalar) type) {
      case DATE ->
          Temporals.isInfinite(value) ? infinity(value) : date(LocalDate.ofEpochDay(value));
      case TIME -> value == DAY ? "24:00:00" : LocalTime.ofNanoOfDay(value * 1000).toString();
      case TIMESTAMP, TIMESTAMP_TZ -> {
        if (Temporals.isInfinite(value)) {
          yield infinity(value);
        }
        LocalDateTime time = Temporals.dateTime(value);
        String zone = type == Scalar.TIMESTAMP_TZ ? "+00" : "";
        String day = date(time.toLocalDate());
        yield day.endsWith(" BC")
            ? day.replace(" BC", " " + time.toLocalTime() + zone + " BC")
            : day + " " + time.toLocalTime() + zone;
      }
      default -> String.valueOf(value);
    };
  }

  private static String infinity(long value) {
    return value > 0 ? "infinity" : "-infinity";
  }

  private static String date(LocalDate date) {
    int year = date.getYear() > 0 ? date.getYear() : 1 - date.getYear();
    String day = "%04d-%02d-%02d".formatted(year, date.getMonthValue(), date.getDayOfMonth());
    return date.getYear() > 0 ? day : day + " BC";
  }

  private static String ofBytes(BytesColumn column, int row) {
    if (column.type() == Scalar.BYTES) {
      return "\\x" + HexFormat.of().formatHex(column.get(row));
    }
    if (column.type() == Scalar.UUID) {
      ByteBuffer buffer = ByteBuffer.wrap(column.get(row));
      return new UUID(buffer.getLong(), buffer.getLong()).toString();
    }
    return column.text(row);
  }

  private static String ofList(ListColumn column, int row) {
    ListColumn.Shape shape = column.shape(row);
    int start = column.start(row);
    if (shape == null) {
      return braces(column, start, column.end(row), new int[] {column.end(row) - start}, 0);
    }
    StringBuilder bounds = new StringBuilder();
    for (int i = 0; i < shape.lengths().size(); i++) {
      int lower = shape.lowerBounds().get(i);
      bounds.append("[%d:%d]".formatted(lower, lower + shape.lengths().get(i) - 1));
    }
    int[] lengths = shape.lengths().stream().mapToInt(Integer::intValue).toArray();
    return bounds + "=" + braces(column, start, column.end(row), lengths, 0);
  }

  private static String braces(ListColumn column, int start, int end, int[] lengths, int depth) {
    StringBuilder text = new StringBuilder("{");
    int parts = lengths[depth];
    for (int i = 0; i < parts; i++) {
      text.append(i == 0 ? "" : ",");
      int size = (end - start) / parts;
      int from = start + i * size;
      text.append(
          depth + 1 < lengths.length
              ? braces(column, from, from + size, lengths, depth + 1)
              : quoted(of(column.elements(), from)));
    }
    return text.append("}").toString();
  }

  private static String quoted(String element) {
    return element == null
        ? "NULL"
        : '"' + element.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
