package dev.tapline.runtime.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.testing.MariaDbContainer;
import dev.tapline.source.postgres.testing.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kills runs at random instants while the source is being changed. At the end each table of the
/// destination is the source's, row by row.
class JdbcKillIT {
  private static final int KILLS = Integer.getInteger("tapline.jdbc.kills", 4);
  private static final List<String> KEYED = List.of("accounts", "scratch", "joined");

  private static TestServer server;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    server = TestServer.start("wal_level = logical", "max_replication_slots = 20");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void postgresqlIsTheSource() throws Exception {
    server.execute("CREATE DATABASE copy");
    String url = "jdbc:postgresql://127.0.0.1:%d/copy?user=postgres".formatted(server.port());
    kill("postgresql", url, "", "\"", () -> DriverManager.getConnection(url));
  }

  @Test
  void mariaDbIsTheSource() throws Exception {
    try (MariaDbContainer mariaDb = new MariaDbContainer()) {
      mariaDb.start();
      String url = mariaDb.url("tapline");
      kill(
          "mariadb",
          url,
          ", user: %s, password: %s".formatted(MariaDbContainer.USER, MariaDbContainer.PASSWORD),
          "`",
          () -> DriverManager.getConnection(url, MariaDbContainer.USER, MariaDbContainer.PASSWORD));
    }
  }

  @Test
  void sqliteIsTheSource() throws Exception {
    embedded("sqlite", "", "");
  }

  @Test
  void h2IsTheSource() throws Exception {
    embedded("h2", "", "");
  }

  @Test
  void duckDbIsTheSource() throws Exception {
    Path plugins = DroppedDriver.folder(folder, "duckdb_jdbc");
    embedded("duckdb", "", plugins.toString());
  }

  private void embedded(String kind, String keys, String home) throws Exception {
    String url = "jdbc:" + kind + ":" + folder.resolve("copy");
    kill(kind, url, keys, "\"", () -> DriverManager.getConnection(url), home);
  }

  @FunctionalInterface
  private interface Connecting {
    Connection connect() throws SQLException;
  }

  private void kill(String kind, String url, String keys, String quote, Connecting destination)
      throws Exception {
    kill(kind, url, keys, quote, destination, "");
  }

  private void kill(
      String kind, String url, String keys, String quote, Connecting destination, String home)
      throws Exception {
    String database = "kills_" + kind;
    Path distribution = home.isEmpty() ? Distribution.HOME : Path.of(home);
    server.execute("CREATE DATABASE " + database);
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        """
        source: {type: postgres, url: "%s"}
        method: LOG_BASED
        streams:
          - table: public.*
            exclude: [public.noise, public.whole]
        sink: {type: jdbc, url: "%s"%s}
        engine: {checkpoint: {interval: 50ms, rows: 400}, retry-for: 60s}
        """
            .formatted(server.url(database), url, keys));
    Random random = new Random(20261121);
    try (Load load = new Load(LogServer.of(server), database, 5, 4)) {
      runToTheEnd(distribution);
      long began = System.nanoTime();
      runToTheEnd(distribution);
      long whole = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
      for (int i = 0; i < KILLS; i++) {
        Process process =
            Distribution.start(
                distribution, folder, java.util.Map.of(), "run", "--continuous", "pipeline.yaml");
        process.waitFor(whole * 4 / 10 + random.nextLong(whole * 12 / 10), TimeUnit.MILLISECONDS);
        process.destroyForcibly().waitFor();
      }
      assertThat(load.transactions()).isGreaterThan(KILLS * 20L);
    }
    runToTheEnd(distribution);
    try (Connection connection = destination.connect()) {
      int all = 0;
      for (String table : KEYED) {
        String name = quote + "public__" + table + quote;
        TreeMap<Long, String> source = new TreeMap<>();
        try (Connection original = server.connect(database)) {
          source.putAll(rows(original, table));
        }
        assertThat(rows(connection, name)).as(table).isEqualTo(source);
        // One of them may just have been truncated.
        all += source.size();
      }
      assertThat(all).isPositive();
      assertThat(leftovers(connection)).isEmpty();
    }
  }

  private void runToTheEnd(Path distribution) throws Exception {
    Distribution.Result result =
        Distribution.run(distribution, folder, java.util.Map.of(), "run", "pipeline.yaml");
    assertThat(result.code()).as("%s", result).isZero();
  }

  private static TreeMap<Long, String> rows(Connection connection, String table)
      throws SQLException {
    TreeMap<Long, String> rows = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(select(table))) {
      while (result.next()) {
        String row = result.getInt(2) + "|" + result.getString(3) + "|" + result.getString(4);
        assertThat(rows.put(result.getLong(1), row)).as("id %d twice", result.getLong(1)).isNull();
      }
    }
    return rows;
  }

  // H2 takes names without quotes for upper case.
  private static String select(String table) {
    return table.startsWith("\"")
        ? "SELECT \"id\", \"version\", \"name\", \"large\" FROM " + table
        : "SELECT id, version, name, large FROM " + table;
  }

  private static List<String> leftovers(Connection connection) throws SQLException {
    List<String> names = new java.util.ArrayList<>();
    try (ResultSet tables =
        connection
            .getMetaData()
            .getTables(connection.getCatalog(), connection.getSchema(), "%", null)) {
      while (tables.next()) {
        String name = tables.getString("TABLE_NAME").toLowerCase(Locale.ROOT);
        if (name.startsWith("_tl_")) {
          names.add(name);
        }
      }
    }
    return names;
  }
}
