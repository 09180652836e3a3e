package dev.tapline.sink.jdbc.connection;

import dev.tapline.spi.config.Secret;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// Connections of one driver, for the pool. Each reads the password anew.
final class DriverDataSource implements DataSource {
  private static final String NO_CONNECTION = "08001";
  private static final int SECONDS_AT_THE_END = 10;

  private final Driver driver;
  private final String url;
  private final Properties properties;
  private final Optional<Secret> password;
  private final List<String> sessionStatements;

  DriverDataSource(
      Driver driver,
      String url,
      Properties properties,
      Optional<Secret> password,
      List<String> sessionStatements) {
    this.password = password;
    this.driver = driver;
    this.url = url;
    this.properties = properties;
    this.sessionStatements = sessionStatements;
  }

  @Override
  public Connection getConnection() throws SQLException {
    Properties copy = new Properties();
    copy.putAll(properties);
    if (password.isPresent()) {
      try {
        copy.setProperty("password", password.get().anew());
      } catch (IOException e) {
        throw new SQLException(e.getMessage(), NO_CONNECTION, e);
      }
    }
    Connection connection = driver.connect(url, copy);
    if (connection == null) {
      throw new SQLException(
          driver.getClass().getName()
              + " does not know the URL '"
              + ConnectionConfig.redacted(url)
              + "'");
    }
    try (Statement statement = connection.createStatement()) {
      for (String sql : sessionStatements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
    return connection;
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("the user is in the properties");
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter out) {
    // The pool and the drivers log by themselves.
  }

  @Override
  public void setLoginTimeout(int seconds) {
    // The pool has its own.
  }

  /// How long the pool, when it closes, waits for a connection that is being opened. Without it a
  /// thread that is about to end would be reported as late.
  @Override
  public int getLoginTimeout() {
    return SECONDS_AT_THE_END;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("there is none");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLException("it wraps nothing");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
