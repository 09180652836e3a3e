package dev.tapline.sink.jdbc;

import dev.tapline.source.postgres.testing.MariaDbContainer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
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
}
