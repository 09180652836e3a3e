package dev.tapline.sink.jdbc.dialect.mysql;

import dev.tapline.sink.jdbc.dialect.api.ColumnType;
import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.dialect.api.Statements;
import dev.tapline.sink.jdbc.dialect.api.ValueLimit;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;

/// MySQL from 8.0 on, by Connector/J, which is not part of the distribution.
public final class MySqlDialect extends AbstractMySqlDialect {
  private static final String PADDED = "utf8mb4_bin";
  private static final String EXACT = "utf8mb4_0900_bin";

  private final boolean padded;

  /// For [java.util.ServiceLoader].
  public MySqlDialect() {
    this(ServerLimits.USUAL, false);
  }

  private MySqlDialect(ServerLimits server, boolean padded) {
    super(server);
    this.padded = padded;
  }

  // The exact collation exists since 8.0.17.
  @Override
  public Dialect forServer(Connection connection) throws SQLException {
    String query = "SELECT 1 FROM information_schema.COLLATIONS WHERE COLLATION_NAME = ?";
    return new MySqlDialect(ServerLimits.of(connection), !Statements.any(connection, query, EXACT));
  }

  @Override
  public String name() {
    return "MySQL";
  }

  @Override
  public boolean accepts(String url) {
    return url.startsWith("jdbc:mysql:");
  }

  // The padded collation ignores trailing spaces, which matters only in keys.
  @Override
  String collation(boolean key) {
    return key && !padded ? EXACT : PADDED;
  }

  @Override
  boolean escapes() {
    return true;
  }

  // Otherwise 'a ' would replace 'a'.
  @Override
  ColumnType text(int length) {
    ColumnType type = super.text(length);
    return padded ? type.within(type.limit().and(ValueLimit.WITHOUT_TRAILING_SPACE)) : type;
  }

  // The driver asks for names of tables with backslashes before underscores.
  @Override
  String sqlMode() {
    return "STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO";
  }

  @Override
  public void driverProperties(Properties properties) {
    properties.putIfAbsent("rewriteBatchedStatements", "true");
    properties.putIfAbsent("connectionTimeZone", "UTC");
    properties.putIfAbsent("preserveInstants", "false");
    properties.putIfAbsent("characterEncoding", "UTF-8");
    properties.putIfAbsent("tcpKeepAlive", "true");
  }
}
