package dev.tapline.sink.jdbc.connection;

import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.spi.config.Secret;
import dev.tapline.spi.config.SecretText;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import javax.sql.DataSource;

/// How to connect to the destination.
///
/// @param url the driver's URL
/// @param user the user; empty for none
/// @param password the password, if there is one
/// @param properties further properties for the driver
/// @param schema the schema of all tables; empty for the one that a connection begins in
/// @param connections the most connections at a time
/// @param dialect the database's dialect
public record ConnectionConfig(
    String url,
    String user,
    Optional<Secret> password,
    Map<String, String> properties,
    String schema,
    int connections,
    Dialect dialect) {
  /// Copies the properties.
  public ConnectionConfig {
    properties = Map.copyOf(properties);
  }

  /// The URL without secrets.
  String redactedUrl() {
    return redacted(url);
  }

  /// A URL without its secrets.
  public static String redacted(String url) {
    return SecretText.shown(url);
  }

  DataSource dataSource() throws java.sql.SQLException {
    Properties all = new Properties();
    all.putAll(properties);
    if (!user.isEmpty()) {
      all.setProperty("user", user);
    }
    dialect.driverProperties(all);
    return new DriverDataSource(
        DriverLoader.of(url), url, all, password, dialect.sessionStatements());
  }
}
