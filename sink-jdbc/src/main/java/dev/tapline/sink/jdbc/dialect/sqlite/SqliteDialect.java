package dev.tapline.sink.jdbc.dialect.sqlite;

import dev.tapline.sink.jdbc.dialect.api.ColumnType;
import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.dialect.api.DialectTraits;
import dev.tapline.sink.jdbc.dialect.api.FailureKind;
import dev.tapline.sink.jdbc.dialect.api.Merge;
import dev.tapline.sink.jdbc.dialect.api.ParameterType;
import dev.tapline.sink.jdbc.dialect.api.SqlStates;
import dev.tapline.sink.jdbc.dialect.api.StandardSql;
import dev.tapline.sink.jdbc.dialect.api.Statements;
import dev.tapline.sink.jdbc.dialect.api.UpsertSql;
import dev.tapline.sink.jdbc.dialect.api.ValueLimit;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Scalar;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;

/// SQLite from 3.35 on. It has integers, doubles, text and bytes; all else is text.
public final class SqliteDialect implements Dialect {
  private static final int LONGEST_NAME = 1_000;
  private static final int BUSY = 5;
  private static final int LOCKED = 6;
  private static final int CONSTRAINT = 19;

  /// For [java.util.ServiceLoader].
  public SqliteDialect() {}

  @Override
  public String name() {
    return "SQLite";
  }

  @Override
  public boolean accepts(String url) {
    return url.startsWith("jdbc:sqlite:");
  }

  @Override
  public DialectTraits traits() {
    return new DialectTraits(true, true, false, true, false, LONGEST_NAME);
  }

  @Override
  public Optional<ColumnType> decimalType(DataType.Decimal decimal) {
    return Optional.empty();
  }

  @Override
  public ColumnType scalarType(Scalar scalar, boolean key) {
    return switch (scalar) {
      case BOOLEAN -> ColumnType.of("INTEGER", ParameterType.BOOLEAN);
      case INT16, INT32, INT64 -> ColumnType.of("INTEGER", ParameterType.LONG);
      case FLOAT32, FLOAT64 ->
          ColumnType.of("REAL", ParameterType.DOUBLE)
              .within(ValueLimit.WITHOUT_NAN_AND_NEGATIVE_ZERO);
      case BYTES -> ColumnType.of("BLOB", ParameterType.BYTES);
      default -> text(key);
    };
  }

  @Override
  public ColumnType text(boolean key) {
    return ColumnType.text("TEXT");
  }

  @Override
  public void driverProperties(Properties properties) {
    properties.putIfAbsent("busy_timeout", "60000");
    properties.putIfAbsent("journal_mode", "WAL");
    properties.putIfAbsent("synchronous", "FULL");
    // A transaction that begins by reading could not be upgraded while another one writes.
    properties.putIfAbsent("transaction_mode", "IMMEDIATE");
  }

  @Override
  public List<String> sessionStatements() {
    // Otherwise views would follow the renamed table.
    return List.of("PRAGMA legacy_alter_table = ON");
  }

  @Override
  public boolean hasDependents(Connection connection, String schema, String name)
      throws SQLException {
    return Statements.any(
        connection,
        "SELECT 1 FROM sqlite_master WHERE tbl_name = ? AND type IN ('index', 'trigger') AND sql IS NOT NULL",
        name);
  }

  @Override
  public Optional<String> tableNameProblem(String name) {
    return name.toLowerCase(Locale.ROOT).startsWith("sqlite_")
        ? Optional.of("begins with 'sqlite_', as SQLite's own do")
        : nameProblem(name);
  }

  @Override
  public Optional<String> createSchema(String schema) {
    return Optional.empty();
  }

  @Override
  public Optional<String> widen(String table, String column, String sql) {
    return Optional.empty();
  }

  @Override
  public Optional<String> allowNull(String table, String column, String sql) {
    return Optional.empty();
  }

  @Override
  public List<String> merge(Merge merge) {
    String keys = StandardSql.list(merge.key());
    return UpsertSql.merge(
        merge,
        "DELETE FROM %s WHERE (%s) IN (SELECT %s FROM %s s WHERE 1 = 1%s)"
            .formatted(merge.target(), keys, keys, merge.staged(), merge.and(1)));
  }

  @Override
  public FailureKind failure(SQLException error) {
    return switch (error.getErrorCode() & 0xFF) {
      case BUSY, LOCKED -> FailureKind.TRANSIENT;
      case CONSTRAINT -> FailureKind.REJECTED_ROW;
      default -> SqlStates.classify(error);
    };
  }
}
