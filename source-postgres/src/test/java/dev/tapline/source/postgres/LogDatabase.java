package dev.tapline.source.postgres;

import dev.tapline.source.postgres.testing.TestServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A database to change things in, and the settings to read its log with.
record LogDatabase(String url, String jdbc, Map<String, Object> settings) {
  static LogDatabase at(TestServer server, String database, Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>(more);
    settings.put("url", server.url(database));
    return new LogDatabase(
        server.url(database),
        "jdbc:postgresql://127.0.0.1:%d/%s?user=postgres".formatted(server.port(), database),
        Map.copyOf(settings));
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(jdbc);
  }

  /// Runs statements, each in a transaction of its own unless they say BEGIN.
  void execute(String... statements) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  String value(String query) {
    return values(query).getFirst();
  }

  List<String> values(String query) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    } catch (SQLException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  /// Waits until the server says to have sent that many transactions before they were committed: it
  /// counts them somewhat later.
  void awaitStreamed(long transactions) throws InterruptedException {
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (streamed() < transactions) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("transactions that were streamed: " + streamed());
      }
      Thread.sleep(20);
    }
  }

  private long streamed() {
    return Long.parseLong(
        value(
            "SELECT coalesce(sum(stream_txns), 0) FROM pg_stat_replication_slots JOIN pg_replication_slots USING (slot_name) WHERE database = current_database()"));
  }

  Follower follower(String... names) {
    return new Follower(settings, names);
  }

  Map<String, Object> with(Map<String, Object> more) {
    Map<String, Object> all = new HashMap<>(settings);
    all.putAll(more);
    return all;
  }
}
