package dev.tapline.sink.jdbc.dialect.api;

import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.DoubleColumn;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.Temporals;

/// Which values a column's type can hold unchanged.
@FunctionalInterface
public interface ValueLimit {
  /// All values.
  ValueLimit NONE = (column, row) -> true;

  /// No NaN, no infinity, and no zero with a sign.
  ValueLimit FINITE_WITHOUT_NEGATIVE_ZERO =
      (column, row) -> {
        double value = ((DoubleColumn) column).get(row);
        return Double.isFinite(value) && !(value == 0 && 1 / value < 0);
      };

  /// No NaN, and no zero with a sign.
  ValueLimit WITHOUT_NAN_AND_NEGATIVE_ZERO =
      (column, row) -> {
        double value = ((DoubleColumn) column).get(row);
        return !Double.isNaN(value) && !(value == 0 && 1 / value < 0);
      };

  /// A day or time that is not infinite.
  ValueLimit NOT_INFINITE = (column, row) -> !Temporals.isInfinite(((LongColumn) column).get(row));

  /// A day of the years 1 to 9999.
  ValueLimit DAY_OF_FOUR_DIGITS = between(-719_162, 2_932_896);

  /// A timestamp of the years 1 to 9999.
  ValueLimit MOMENT_OF_FOUR_DIGITS = between(-63_082_281_600_000_000L, 252_455_615_999_999_999L);

  /// A time before 24:00.
  ValueLimit WITHIN_A_DAY = between(0, 86_399_999_999L);

  /// A decimal that is a number.
  ValueLimit NUMBER =
      (column, row) ->
          switch (column) {
            case LongColumn longs ->
                longs.get(row) != Long.MIN_VALUE && Math.abs(longs.get(row)) != Long.MAX_VALUE;
            case BytesColumn bytes -> bytes.data()[bytes.end(row) - 1] <= '9';
            default -> true;
          };

  /// Values of a column of longs from `lowest` to `highest`: days, or microseconds.
  static ValueLimit between(long lowest, long highest) {
    return (column, row) -> {
      long value = ((LongColumn) column).get(row);
      return value >= lowest && value <= highest;
    };
  }

  /// Texts of at most so many characters, or values of at most so many bytes.
  static ValueLimit length(int characters) {
    return (column, row) ->
        !(column instanceof BytesColumn values)
            || values.end(row) - values.start(row) <= characters
            || characters(values, row) <= characters;
  }

  /// Texts that do not end in a space.
  ValueLimit WITHOUT_TRAILING_SPACE =
      (column, row) ->
          !(column instanceof BytesColumn values)
              || values.end(row) == values.start(row)
              || values.data()[values.end(row) - 1] != ' ';

  /// Values within both limits.
  default ValueLimit and(ValueLimit other) {
    return (column, row) -> holds(column, row) && other.holds(column, row);
  }

  private static int characters(BytesColumn values, int row) {
    if (values.type() == DataType.Scalar.BYTES) {
      return values.end(row) - values.start(row);
    }
    int count = 0;
    for (int i = values.start(row); i < values.end(row); i++) {
      count += (values.data()[i] & 0xC0) == 0x80 ? 0 : 1; // what continues a character is not one
    }
    return count;
  }

  /// Returns true if the type can hold a value, which is neither NULL nor unchanged.
  boolean holds(Column column, int row);
}
