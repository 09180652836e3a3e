package dev.tapline.sink.jdbc.dialect.api;

import dev.tapline.spi.catalog.DataType;
import java.util.Optional;

/// The type of a column.
///
/// @param sql the type, as `CREATE TABLE` has it
/// @param parameterType the type in which values are passed to the driver
/// @param limit which values the type can hold
public record ColumnType(String sql, ParameterType parameterType, ValueLimit limit) {

  /// A type that holds every value.
  public static ColumnType of(String sql, ParameterType parameterType) {
    return new ColumnType(sql, parameterType, ValueLimit.NONE);
  }

  /// A type for text.
  public static ColumnType text(String sql) {
    return of(sql, ParameterType.TEXT);
  }

  /// The type for a decimal whose digits the database has room for.
  ///
  /// @param form the type with places for precision and scale, as in `NUMERIC(%d, %d)`
  /// @param digits the highest precision there is
  /// @param decimals the highest scale there is
  public static Optional<ColumnType> decimal(
      String form, DataType.Decimal decimal, int digits, int decimals) {
    int precision = decimal.precision();
    int scale = decimal.scale();
    boolean fits =
        precision > 0
            && precision <= digits
            && scale >= 0
            && scale <= Math.min(decimals, precision);
    return fits
        ? Optional.of(
            of(form.formatted(precision, scale), ParameterType.DECIMAL).within(ValueLimit.NUMBER))
        : Optional.empty();
  }

  /// The same type with a limit.
  public ColumnType within(ValueLimit values) {
    return new ColumnType(sql, parameterType, values);
  }
}
