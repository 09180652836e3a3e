package dev.tapline.sink.jdbc.dialect.standard;

import dev.tapline.sink.jdbc.dialect.api.ColumnType;
import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.dialect.api.DialectTraits;
import dev.tapline.sink.jdbc.dialect.api.ParameterType;
import dev.tapline.sink.jdbc.dialect.api.ValueLimit;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Field;
import java.sql.Connection;
import java.util.Optional;

/// Any other database: standard SQL, and nothing that the larger ones do not agree on.
public final class StandardDialect implements Dialect {
  private static final int LONGEST_NAME = 128;
  private static final int LONGEST_KEY = 255;
  private static final int MOST_DIGITS = 31;

  @Override
  public String name() {
    return "standard SQL";
  }

  @Override
  public boolean accepts(String url) {
    return true;
  }

  @Override
  public DialectTraits traits() {
    return new DialectTraits(false, true, false, true, true, LONGEST_NAME);
  }

  @Override
  public ColumnType type(Field field, boolean key) {
    return switch (field.type()) {
      case Scalar scalar -> scalar(scalar, key);
      case DataType.Decimal decimal ->
          ColumnType.decimal("DECIMAL(%d, %d)", decimal, MOST_DIGITS, MOST_DIGITS)
              .orElseGet(() -> text(key));
      default -> text(key);
    };
  }

  private ColumnType scalar(Scalar scalar, boolean key) {
    return switch (scalar) {
      case BOOLEAN -> ColumnType.of("BOOLEAN", ParameterType.BOOLEAN);
      case INT16 -> ColumnType.of("SMALLINT", ParameterType.LONG);
      case INT32 -> ColumnType.of("INTEGER", ParameterType.LONG);
      case INT64 -> ColumnType.of("BIGINT", ParameterType.LONG);
      // What REAL holds differs.
      case FLOAT32, FLOAT64 ->
          ColumnType.of("DOUBLE PRECISION", ParameterType.DOUBLE)
              .within(ValueLimit.FINITE_WITHOUT_NEGATIVE_ZERO);
      case DATE -> ColumnType.of("DATE", ParameterType.DATE).within(ValueLimit.DAY_OF_FOUR_DIGITS);
      case TIMESTAMP, TIMESTAMP_TZ ->
          ColumnType.of("TIMESTAMP", ParameterType.TIMESTAMP)
              .within(ValueLimit.MOMENT_OF_FOUR_DIGITS);
      case TIME, TEXT, JSON, OPAQUE -> text(key);
      case BYTES ->
          key
              ? ColumnType.of("VARBINARY(" + LONGEST_KEY + ")", ParameterType.BYTES)
                  .within(ValueLimit.length(LONGEST_KEY))
              : ColumnType.of("BLOB", ParameterType.BYTES);
      case UUID -> ColumnType.text("VARCHAR(36)");
    };
  }

  // What people have added to a table is not known.
  @Override
  public boolean isExtended(Connection connection, String schema, String name) {
    return true;
  }

  @Override
  public Optional<String> widen(String table, String column, String sql) {
    // From what a database makes a CLOB differs.
    return sql.equals(text(false).sql())
        ? Optional.empty()
        : Dialect.super.widen(table, column, sql);
  }

  @Override
  public ColumnType text(boolean key) {
    return key
        ? ColumnType.text("VARCHAR(" + LONGEST_KEY + ")").within(ValueLimit.length(LONGEST_KEY))
        : ColumnType.text("CLOB");
  }
}
