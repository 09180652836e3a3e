package dev.tapline.sink.jdbc.dialect.duckdb;

import dev.tapline.sink.jdbc.dialect.api.ColumnType;
import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.dialect.api.DialectTraits;
import dev.tapline.sink.jdbc.dialect.api.FailureKind;
import dev.tapline.sink.jdbc.dialect.api.ParameterType;
import dev.tapline.sink.jdbc.dialect.api.RowLoader;
import dev.tapline.sink.jdbc.dialect.api.SqlStates;
import dev.tapline.sink.jdbc.dialect.api.Statements;
import dev.tapline.sink.jdbc.dialect.api.TableColumn;
import dev.tapline.sink.jdbc.dialect.api.ValueLimit;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Temporals;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// DuckDB. Tables get no primary key: merging does not need one, and DuckDB would not allow a row
/// to be deleted and inserted in one transaction.
public final class DuckDbDialect implements Dialect {
  private static final int LONGEST_NAME = 1_000;
  private static final int MOST_DIGITS = 38;
  // It counts timestamps from 1970, in 64 bits as well; infinities have numbers that it knows.
  private static final ValueLimit COUNTED_FROM_1970 =
      (column, row) -> {
        long value = ((LongColumn) column).get(row);
        return Temporals.isInfinite(value) || value < Long.MAX_VALUE - Temporals.EPOCH_MICROS;
      };

  /// For [java.util.ServiceLoader].
  public DuckDbDialect() {}

  @Override
  public String name() {
    return "DuckDB";
  }

  @Override
  public boolean accepts(String url) {
    return url.startsWith("jdbc:duckdb:");
  }

  @Override
  public DialectTraits traits() {
    return new DialectTraits(true, false, false, false, false, LONGEST_NAME);
  }

  @Override
  public Optional<ColumnType> decimalType(DataType.Decimal decimal) {
    return ColumnType.decimal("DECIMAL(%d,%d)", decimal, MOST_DIGITS, MOST_DIGITS);
  }

  @Override
  public ColumnType scalarType(Scalar scalar, boolean key) {
    return switch (scalar) {
      case FLOAT32 -> ColumnType.of("FLOAT", ParameterType.FLOAT);
      case FLOAT64 -> ColumnType.of("DOUBLE", ParameterType.DOUBLE);
      case DATE -> ColumnType.of("DATE", ParameterType.DATE);
      case TIME -> ColumnType.of("TIME", ParameterType.TIME);
      case TIMESTAMP ->
          ColumnType.of("TIMESTAMP", ParameterType.TIMESTAMP).within(COUNTED_FROM_1970);
      case TIMESTAMP_TZ ->
          ColumnType.of("TIMESTAMP WITH TIME ZONE", ParameterType.TIMESTAMP_TZ)
              .within(COUNTED_FROM_1970);
      case BYTES -> ColumnType.of("BLOB", ParameterType.BYTES);
      case UUID -> ColumnType.of("UUID", ParameterType.UUID);
      default -> Dialect.super.scalarType(scalar, key);
    };
  }

  @Override
  public ColumnType text(boolean key) {
    return ColumnType.text("VARCHAR");
  }

  @Override
  public RowLoader loader(
      Connection connection, String schema, String name, List<TableColumn> columns)
      throws SQLException {
    return new DuckDbLoader(connection, schema, name, columns);
  }

  @Override
  public boolean hasDependents(Connection connection, String schema, String name)
      throws SQLException {
    return Statements.any(
        connection,
        "SELECT 1 FROM duckdb_indexes() WHERE database_name = current_database() AND table_name = ?"
            + " AND schema_name = "
            + (schema.isEmpty() ? "current_schema()" : "?"),
        schema.isEmpty() ? new String[] {name} : new String[] {name, schema});
  }

  @Override
  public FailureKind failure(SQLException error) {
    String message = String.valueOf(error.getMessage());
    if (message.contains("Transaction conflict") || message.contains("write-write conflict")) {
      return FailureKind.TRANSIENT;
    }
    return message.startsWith("Constraint Error")
        ? FailureKind.REJECTED_ROW
        : SqlStates.classify(error);
  }
}
