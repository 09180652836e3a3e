package dev.tapline.testkit;

import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.BooleanColumn;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.DoubleColumn;
import dev.tapline.spi.batch.ListColumn;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.Temporals;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Values in one form, whatever the sink: what the kit compares.
///
/// | type | form |
/// | --- | --- |
/// | `BOOLEAN` | `true`, `false` |
/// | integers, decimals | digits, a decimal with its scale; `NaN`, `Infinity`, `-Infinity` |
/// | `FLOAT32`, `FLOAT64` | as `Float.toString`, `Double.toString` |
/// | `DATE` | days since 1970, or `infinity`, `-infinity` |
/// | `TIME` | microseconds since midnight |
/// | `TIMESTAMP`, `TIMESTAMP_TZ` | microseconds since 2000, or `infinity`, `-infinity` |
/// | `BYTES` | hexadecimal |
/// | `UUID` | as `UUID.toString` |
/// | `JSON` | [the document without spaces between tokens][#json(String)] |
/// | other text | itself |
/// | `ListOf` | a [List], in a list for each dimension; [#bounded] when it does not count from 1 |
///
/// NULL is null. A field that was not carried is absent from its row.
public final class Canonical {
  private Canonical() {}

  /// The fields of a row that were carried.
  public static Map<String, @Nullable Object> row(Batch batch, int row) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (int i = 0; i < batch.schema().size(); i++) {
      Column column = batch.column(i);
      if (!column.isUnchanged(row)) {
        values.put(
            batch.schema().fields().get(i).name(), column.isNull(row) ? null : value(column, row));
      }
    }
    return values;
  }

  /// A list whose dimensions do not all count from 1.
  public static List<Object> bounded(List<Integer> lowerBounds, List<?> list) {
    return List.of("lower bounds", lowerBounds, list);
  }

  /// A JSON document without the spaces between its tokens, with everything else as it is.
  public static String json(String document) {
    StringBuilder text = new StringBuilder();
    boolean inString = false;
    for (int i = 0; i < document.length(); i++) {
      char c = document.charAt(i);
      if (inString && c == '\\') {
        text.append(c).append(document.charAt(++i));
        continue;
      }
      if (c == '"') {
        inString = !inString;
      }
      if (inString || " \t\r\n".indexOf(c) < 0) {
        text.append(c);
      }
    }
    return text.toString();
  }

  private static Object value(Column column, int row) {
    return switch (column) {
      case BooleanColumn booleans -> Boolean.toString(booleans.get(row));
      case DoubleColumn doubles ->
          doubles.type() == DataType.Scalar.FLOAT32
              ? Float.toString((float) doubles.get(row))
              : Double.toString(doubles.get(row));
      case LongColumn longs -> ofLong(longs.type(), longs.get(row));
      case BytesColumn bytes -> ofBytes(bytes, row);
      case ListColumn lists -> ofList(lists, row);
    };
  }

  private static String ofLong(DataType type, long value) {
    if (type instanceof DataType.Decimal decimal) {
      if (value == DataType.Decimal.NAN) {
        return "NaN";
      }
      if (Math.abs(value) == DataType.Decimal.INFINITY) {
        return value > 0 ? "Infinity" : "-Infinity";
      }
      return BigDecimal.valueOf(value, decimal.scale()).toPlainString();
    }
    boolean temporal =
        type == DataType.Scalar.DATE
            || type == DataType.Scalar.TIMESTAMP
            || type == DataType.Scalar.TIMESTAMP_TZ;
    if (temporal && Temporals.isInfinite(value)) {
      return value > 0 ? "infinity" : "-infinity";
    }
    return Long.toString(value);
  }

  private static String ofBytes(BytesColumn bytes, int row) {
    if (bytes.type() == DataType.Scalar.BYTES) {
      return HexFormat.of().formatHex(bytes.get(row));
    }
    if (bytes.type() == DataType.Scalar.UUID) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes.get(row));
      return new UUID(buffer.getLong(), buffer.getLong()).toString();
    }
    return bytes.type() == DataType.Scalar.JSON ? json(bytes.text(row)) : bytes.text(row);
  }

  private static List<?> ofList(ListColumn lists, int row) {
    ListColumn.Dimensions shape = lists.shape(row);
    int start = lists.start(row);
    int end = lists.end(row);
    if (shape == null || start == end) {
      return dimension(lists.elements(), List.of(end - start), 0, start, end);
    }
    List<?> list = dimension(lists.elements(), shape.lengths(), 0, start, end);
    return shape.countsFromOne() ? list : bounded(shape.lowerBounds(), list);
  }

  private static List<@Nullable Object> dimension(
      Column elements, List<Integer> lengths, int dimension, int start, int end) {
    List<@Nullable Object> list = new ArrayList<>();
    int length = lengths.get(dimension);
    for (int i = 0; i < length; i++) {
      int step = (end - start) / length;
      if (dimension < lengths.size() - 1) {
        list.add(
            dimension(elements, lengths, dimension + 1, start + i * step, start + (i + 1) * step));
      } else {
        list.add(elements.isNull(start + i) ? null : value(elements, start + i));
      }
    }
    return list;
  }
}
