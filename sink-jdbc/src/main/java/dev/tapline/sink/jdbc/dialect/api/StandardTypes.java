package dev.tapline.sink.jdbc.dialect.api;

import dev.tapline.spi.catalog.DataType.Decimal;
import dev.tapline.spi.catalog.DataType.Scalar;
import java.util.Optional;

/// The types of standard SQL, as far as databases agree on them.
final class StandardTypes {
  private static final int LONGEST_KEY = 255;
  private static final int MOST_DIGITS = 31;

  private StandardTypes() {}

  /// @param text the database's type for text
  static ColumnType of(Scalar scalar, boolean key, ColumnType text) {
    return switch (scalar) {
      case BOOLEAN -> ColumnType.of("BOOLEAN", ParameterType.BOOLEAN);
      case INT16 -> ColumnType.of("SMALLINT", ParameterType.LONG);
      case INT32 -> ColumnType.of("INTEGER", ParameterType.LONG);
      case INT64 -> ColumnType.of("BIGINT", ParameterType.LONG);
      // What REAL can hold differs.
      case FLOAT32, FLOAT64 ->
          ColumnType.of("DOUBLE PRECISION", ParameterType.DOUBLE)
              .within(ValueLimit.FINITE_WITHOUT_NEGATIVE_ZERO);
      case DATE -> ColumnType.of("DATE", ParameterType.DATE).within(ValueLimit.DAY_OF_FOUR_DIGITS);
      case TIMESTAMP, TIMESTAMP_TZ ->
          ColumnType.of("TIMESTAMP", ParameterType.TIMESTAMP)
              .within(ValueLimit.MOMENT_OF_FOUR_DIGITS);
      case TIME, TEXT, JSON, OPAQUE -> text;
      case BYTES ->
          key
              ? ColumnType.of("VARBINARY(" + LONGEST_KEY + ")", ParameterType.BYTES)
                  .within(ValueLimit.length(LONGEST_KEY))
              : ColumnType.of("BLOB", ParameterType.BYTES);
      case UUID -> ColumnType.text("VARCHAR(36)");
    };
  }

  static Optional<ColumnType> of(Decimal decimal) {
    return ColumnType.decimal("DECIMAL(%d, %d)", decimal, MOST_DIGITS, MOST_DIGITS);
  }
}
