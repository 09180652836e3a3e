package dev.tapline.sink.parquet.compaction;

import dev.tapline.files.text.ValueText;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.ListColumn;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Decimal;
import dev.tapline.spi.catalog.DataType.Scalar;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Set;

/// Copies values between columns, converting them where the type of the table's column has changed.
final class ValueCopier {
  private static final Set<DataType> INTEGERS = Set.of(Scalar.INT16, Scalar.INT32, Scalar.INT64);
  private static final Set<DataType> FRACTIONS = Set.of(Scalar.FLOAT32, Scalar.FLOAT64);

  private ValueCopier() {}

  /// Appends a value, NULL, or that the value is unchanged.
  ///
  /// @throws IOException if the value cannot be converted
  static void copy(Column from, int row, Column to) throws IOException {
    if (from.isUnchanged(row) || from.isNull(row) || from.type().equals(to.type())) {
      to.appendFrom(from, row);
    } else {
      converted(from, row, to);
    }
  }

  private static void list(ListColumn from, int row, ListColumn to) throws IOException {
    for (int i = from.start(row); i < from.end(row); i++) {
      copy(from.elements(), i, to.elements());
    }
    ListColumn.Dimensions shape = from.shape(row);
    if (shape == null) {
      to.endList();
    } else {
      to.endList(shape);
    }
  }

  private static void converted(Column from, int row, Column to) throws IOException {
    DataType type = to.type();
    if (INTEGERS.contains(type) && INTEGERS.contains(from.type())) {
      to.appendFrom(from, row);
    } else if (FRACTIONS.contains(type) && FRACTIONS.contains(from.type())) {
      to.appendFrom(from, row);
    } else if (from instanceof ListColumn lists && to instanceof ListColumn target) {
      list(lists, row, target);
    } else if (type == Scalar.TEXT && to instanceof BytesColumn bytes) {
      bytes.append(ValueText.of(from, row));
    } else if (type instanceof Decimal decimal && isNumber(from.type())) {
      decimal(new BigDecimal(ValueText.of(from, row)), decimal, to);
    } else {
      throw new IOException(
          "a column was %s and is %s, and the values of the one cannot become the other's; reset the stream to load it anew"
              .formatted(from.type(), type));
    }
  }

  private static boolean isNumber(DataType type) {
    return type instanceof Decimal || INTEGERS.contains(type);
  }

  private static void decimal(BigDecimal value, Decimal type, Column to) throws IOException {
    try {
      BigDecimal scaled = value.setScale(type.scale());
      if (to instanceof LongColumn longs) {
        longs.append(scaled.unscaledValue().longValueExact());
      } else if (to instanceof BytesColumn bytes) {
        bytes.append(scaled.toPlainString());
      }
    } catch (ArithmeticException e) {
      throw new IOException(
          "the value %s does not fit %s, which its column has become; reset the stream to load it anew"
              .formatted(value, type),
          e);
    }
  }
}
