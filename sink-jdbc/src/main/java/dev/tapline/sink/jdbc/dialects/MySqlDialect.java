package dev.tapline.sink.jdbc.dialects;

import java.util.Properties;

/// MySQL from 8.0.17 on, by Connector/J, which is not part of the distribution.
public final class MySqlDialect extends MySqlFamily {
  /// For [java.util.ServiceLoader].
  public MySqlDialect() {}

  @Override
  public String name() {
    return "MySQL";
  }

  @Override
  public boolean accepts(String url) {
    return url.startsWith("jdbc:mysql:");
  }

  // utf8mb4_bin takes no notice of trailing spaces, which matters in keys only.
  @Override
  String collation(boolean key) {
    return key ? "utf8mb4_0900_bin" : "utf8mb4_bin";
  }

  // The driver asks for names of tables with backslashes before underscores.
  @Override
  String sqlMode() {
    return "STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO";
  }

  @Override
  public void properties(Properties properties) {
    properties.putIfAbsent("rewriteBatchedStatements", "true");
    properties.putIfAbsent("connectionTimeZone", "UTC");
    properties.putIfAbsent("preserveInstants", "false");
    properties.putIfAbsent("characterEncoding", "UTF-8");
    properties.putIfAbsent("tcpKeepAlive", "true");
  }
}
