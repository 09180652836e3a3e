package dev.tapline.sink.jdbc.dialect.standard;

import dev.tapline.sink.jdbc.testing.DatabaseContract;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;

/// A database that no dialect knows.
class HsqldbContractTest extends DatabaseContract {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final int number = NUMBER.incrementAndGet();

  @Override
  protected String url() {
    return "jdbc:hsqldb:mem:shop" + number;
  }

  // It is all in memory, and would stay there.
  @AfterEach
  void shutDown() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url());
        Statement statement = connection.createStatement()) {
      statement.execute("SHUTDOWN");
    }
  }
}
