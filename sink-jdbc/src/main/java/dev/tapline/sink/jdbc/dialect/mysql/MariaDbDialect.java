package dev.tapline.sink.jdbc.dialect.mysql;

import dev.tapline.sink.jdbc.dialect.api.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/// MariaDB from 10.7 on, with InnoDB.
public final class MariaDbDialect extends AbstractMySqlDialect {
  /// For [java.util.ServiceLoader].
  public MariaDbDialect() {
    this(ServerLimits.USUAL);
  }

  private MariaDbDialect(ServerLimits server) {
    super(server);
  }

  @Override
  public Dialect forServer(Connection connection) throws SQLException {
    return new MariaDbDialect(ServerLimits.of(connection));
  }

  // Overrides time limits of the server and the user.
  @Override
  public List<String> sessionStatements() {
    List<String> statements = new ArrayList<>(super.sessionStatements());
    statements.add("SET SESSION max_statement_time = 0");
    statements.add(
        "SET SESSION idle_transaction_timeout = 0, idle_write_transaction_timeout = 0, idle_readonly_transaction_timeout = 0");
    return statements;
  }

  @Override
  boolean escapes() {
    return false;
  }

  @Override
  public String name() {
    return "MariaDB";
  }

  @Override
  public boolean accepts(String url) {
    return url.startsWith("jdbc:mariadb:");
  }

  @Override
  String collation(boolean key) {
    return "utf8mb4_nopad_bin";
  }

  @Override
  String sqlMode() {
    return "STRICT_ALL_TABLES,NO_BACKSLASH_ESCAPES,ERROR_FOR_DIVISION_BY_ZERO";
  }

  @Override
  public void driverProperties(Properties properties) {
    properties.putIfAbsent("useBulkStmts", "true");
    // Values as they are, and not in the text of a statement, also of a row that comes alone.
    properties.putIfAbsent("useServerPrepStmts", "true");
    properties.putIfAbsent("connectionTimeZone", "UTC");
    properties.putIfAbsent("preserveInstants", "false");
    // Before a firewall forgets the connection.
    properties.putIfAbsent("tcpKeepAlive", "true");
    properties.putIfAbsent("tcpKeepIdle", "60");
    properties.putIfAbsent("tcpKeepInterval", "10");
    properties.putIfAbsent("tcpKeepCount", "6");
  }
}
