package dev.tapline.sink.jdbc.dialect.postgresql;

import dev.tapline.sink.jdbc.dialect.api.ColumnType;
import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.dialect.api.DialectTraits;
import dev.tapline.sink.jdbc.dialect.api.FailureKind;
import dev.tapline.sink.jdbc.dialect.api.Merge;
import dev.tapline.sink.jdbc.dialect.api.RowLoader;
import dev.tapline.sink.jdbc.dialect.api.SqlStates;
import dev.tapline.sink.jdbc.dialect.api.StandardSql;
import dev.tapline.sink.jdbc.dialect.api.TableColumn;
import dev.tapline.sink.jdbc.dialect.api.UpsertSql;
import dev.tapline.spi.catalog.Field;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/// PostgreSQL from 9.6 on.
public final class PostgresDialect implements Dialect {
  private static final int LONGEST_NAME = 63;
  private static final String KEY = "_pkey";

  private static final String PROGRAM_LIMIT = "54000";

  private final int version;

  /// For [java.util.ServiceLoader].
  public PostgresDialect() {
    this(0);
  }

  private PostgresDialect(int version) {
    this.version = version;
  }

  @Override
  public Dialect forServer(Connection connection) throws SQLException {
    return new PostgresDialect(connection.getMetaData().getDatabaseMajorVersion());
  }

  @Override
  public String name() {
    return "PostgreSQL";
  }

  @Override
  public boolean accepts(String url) {
    return url.startsWith("jdbc:postgresql:");
  }

  @Override
  public DialectTraits traits() {
    return new DialectTraits(true, false, true, true, true, LONGEST_NAME);
  }

  @Override
  public ColumnType type(Field field, boolean key) {
    return PostgresTypes.of(field);
  }

  @Override
  public ColumnType text(boolean key) {
    return ColumnType.text("text");
  }

  @Override
  public void driverProperties(Properties properties) {
    properties.putIfAbsent("ApplicationName", "tapline");
    // A pooler may run each transaction on another connection of the server.
    properties.putIfAbsent("prepareThreshold", "0");
    properties.putIfAbsent("tcpKeepAlive", "true");
    properties.putIfAbsent("socketFactory", KeepaliveSocketFactory.class.getName());
  }

  @Override
  public List<String> transactionStatements() {
    return TransactionSettings.local(version);
  }

  // For example a value of a key that is too large for a page of the index.
  @Override
  public FailureKind failure(SQLException error) {
    FailureKind failure = SqlStates.classify(error);
    return failure == FailureKind.PERMANENT && PROGRAM_LIMIT.equals(error.getSQLState())
        ? FailureKind.REJECTED_ROW
        : failure;
  }

  @Override
  public RowLoader loader(
      Connection connection, String schema, String name, List<TableColumn> columns)
      throws SQLException {
    return new CopyLoader(
        connection,
        table(schema, name),
        columns.stream().map(column -> quote(column.name())).toList(),
        columns);
  }

  @Override
  public boolean keyAfterLoad() {
    return true;
  }

  @Override
  public Optional<String> widen(String table, String column, String sql) {
    return Optional.of(
        "ALTER TABLE %s ALTER COLUMN %s SET DATA TYPE %s USING %s::%s"
            .formatted(table, quote(column), sql, quote(column), sql));
  }

  @Override
  public boolean hasDependents(Connection connection, String schema, String name)
      throws SQLException {
    return DependentObjects.exist(connection, table(schema, name));
  }

  @Override
  public List<String> copyPrivileges(Connection connection, String schema, String from, String to)
      throws SQLException {
    return DependentObjects.copyPrivileges(connection, table(schema, from), table(schema, to));
  }

  // The index of the key is still named after the version.
  @Override
  public List<String> afterSwap(String schema, String version, String destination) {
    String name = destination + KEY;
    return name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME
        ? List.of()
        : List.of(
            "ALTER INDEX IF EXISTS %s RENAME TO %s"
                .formatted(table(schema, version + KEY), quote(name)));
  }

  @Override
  public String deleteAll(String table) {
    return "TRUNCATE TABLE " + table;
  }

  @Override
  public List<String> merge(Merge merge) {
    return UpsertSql.merge(
        merge,
        "DELETE FROM %s t USING %s s WHERE %s%s"
            .formatted(
                merge.target(),
                merge.staged(),
                StandardSql.join("t", merge.key(), "s", merge.key()),
                merge.and(1)));
  }
}
