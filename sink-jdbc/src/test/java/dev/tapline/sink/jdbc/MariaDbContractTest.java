package dev.tapline.sink.jdbc;

import dev.tapline.source.postgres.testing.MariaDbContainer;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.testkit.CanonicalText;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

class MariaDbContractTest extends DatabaseContract {
  private static MariaDbContainer server;
  private static int databases;

  private String database = "";

  @BeforeAll
  static void start() {
    server = new MariaDbContainer();
    server.start();
  }

  @AfterAll
  static void stop() {
    server.stop();
  }

  @BeforeEach
  void makeDatabase() throws Exception {
    database = "shop_" + ++databases;
    try (Connection connection = connect("tapline");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + database);
    }
    set("user", MariaDbContainer.USER);
    set("password", MariaDbContainer.PASSWORD);
  }

  @Override
  String url() {
    return server.url(database);
  }

  @Override
  Connection connect() throws Exception {
    return connect(database);
  }

  private static Connection connect(String name) throws Exception {
    return DriverManager.getConnection(
        server.url(name), MariaDbContainer.USER, MariaDbContainer.PASSWORD);
  }

  @Override
  @Nullable Object value(ResultSet rows, int index, DataType type) throws SQLException {
    // As an object, a time has no fraction, and no 24:00.
    String text = type == Scalar.TIME ? rows.getString(index) : null;
    return text == null ? super.value(rows, index, type) : CanonicalText.of(text, type);
  }
}
