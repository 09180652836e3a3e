package dev.tapline.files.text;

import dev.tapline.spi.batch.BooleanColumn;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.DoubleColumn;
import dev.tapline.spi.batch.ListColumn;
import dev.tapline.spi.batch.ListColumn.Dimensions;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Decimal;
import dev.tapline.spi.catalog.Temporals;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Values in the text form that PostgreSQL reads: `0044-03-15 BC`, `[2:3]={1,NULL}` (manual,
/// section 8.15.6). For the rare values that a format cannot say otherwise; not made for speed.
public final class ValueText {
  private static final DateTimeFormatter DATE =
      new DateTimeFormatterBuilder()
          .appendValue(ChronoField.YEAR_OF_ERA, 4, 10, SignStyle.NEVER)
          .appendPattern("-MM-dd")
          .toFormatter(Locale.ROOT);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS", Locale.ROOT);

  private final Column elements;
  private final StringBuilder text = new StringBuilder();

  private ValueText(Column elements) {
    this.elements = elements;
  }

  /// A value that is neither NULL nor unchanged.
  public static String of(Column column, int row) {
    return column instanceof ListColumn lists
        ? of(lists.elements(), lists.start(row), lists.end(row), lists.shape(row))
        : new ValueText(column).value(row);
  }

  /// A list.
  ///
  /// @param elements the elements of all lists
  /// @param start the index of the first
  /// @param end the index behind the last
  /// @param shape the dimensions, or null when there is one that counts from 1
  public static String of(Column elements, int start, int end, @Nullable Dimensions shape) {
    ValueText array = new ValueText(elements);
    List<Integer> lengths = shape == null ? List.of(end - start) : shape.lengths();
    if (shape != null && !shape.countsFromOne()) {
      for (int i = 0; i < lengths.size(); i++) {
        int lower = shape.lowerBounds().get(i);
        array.text.append('[').append(lower).append(':');
        array.text.append((long) lower + lengths.get(i) - 1).append(']');
      }
      array.text.append('=');
    }
    array.dimension(lengths, 0, start, end);
    return array.text.toString();
  }

  private void dimension(List<Integer> lengths, int dimension, int start, int end) {
    int length = lengths.get(dimension);
    boolean last = dimension == lengths.size() - 1;
    text.append('{');
    for (int i = 0; i < length; i++) {
      if (i > 0) {
        text.append(',');
      }
      if (last) {
        element(start + i);
      } else {
        int step = (end - start) / length;
        dimension(lengths, dimension + 1, start + i * step, start + (i + 1) * step);
      }
    }
    text.append('}');
  }

  private void element(int index) {
    if (elements.isNull(index)) {
      text.append("NULL");
      return;
    }
    String value = value(index);
    if (!needsQuotes(value)) {
      text.append(value);
      return;
    }
    text.append('"');
    text.append(value.replace("\\", "\\\\").replace("\"", "\\\""));
    text.append('"');
  }

  private boolean needsQuotes(String value) {
    return value.isEmpty()
        || value.equalsIgnoreCase("NULL")
        || value.chars().anyMatch(c -> ",{}\"\\ \t\n\r\f".indexOf(c) >= 0 || c == 0x0b);
  }

  private String value(int index) {
    return switch (elements) {
      case BooleanColumn booleans -> booleans.get(index) ? "t" : "f";
      case DoubleColumn doubles ->
          doubles.type() == DataType.Scalar.FLOAT32
              ? Float.toString((float) doubles.get(index))
              : Double.toString(doubles.get(index));
      case LongColumn longs -> ofLong(longs.type(), longs.get(index));
      case BytesColumn bytes -> ofBytes(bytes, index);
      case ListColumn lists -> throw new IllegalStateException("a list in a list: " + lists.type());
    };
  }

  private static String ofBytes(BytesColumn bytes, int index) {
    if (bytes.type() == DataType.Scalar.BYTES) {
      return "\\x" + HexFormat.of().formatHex(bytes.get(index));
    }
    if (bytes.type() == DataType.Scalar.UUID) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes.get(index));
      return new UUID(buffer.getLong(), buffer.getLong()).toString();
    }
    return bytes.text(index);
  }

  private static String ofLong(DataType type, long value) {
    if (type instanceof Decimal decimal) {
      return ofDecimal(value, decimal.scale());
    }
    return switch ((DataType.Scalar) type) {
      case DATE -> Temporals.isInfinite(value) ? infinity(value) : date(Temporals.date(value));
      case TIME -> time(value);
      case TIMESTAMP, TIMESTAMP_TZ ->
          Temporals.isInfinite(value)
              ? infinity(value)
              : timestamp(Temporals.dateTime(value), type == DataType.Scalar.TIMESTAMP_TZ);
      default -> Long.toString(value);
    };
  }

  private static String ofDecimal(long value, int scale) {
    if (value == Decimal.NAN) {
      return "NaN";
    }
    if (value == Decimal.INFINITY || value == Decimal.NEGATIVE_INFINITY) {
      return value > 0 ? "Infinity" : "-Infinity";
    }
    return BigDecimal.valueOf(value, scale).toPlainString();
  }

  private static String infinity(long value) {
    return value > 0 ? "infinity" : "-infinity";
  }

  private static String date(LocalDate date) {
    return date.format(DATE) + era(date.getYear());
  }

  private static String time(long micros) {
    return micros == 86_400_000_000L ? "24:00:00" : Temporals.time(micros).format(TIME);
  }

  private static String timestamp(LocalDateTime dateTime, boolean utc) {
    return dateTime.toLocalDate().format(DATE)
        + " "
        + dateTime.toLocalTime().format(TIME)
        + (utc ? "+00" : "")
        + era(dateTime.getYear());
  }

  private static String era(int year) {
    return year <= 0 ? " BC" : "";
  }
}
