package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Kills runs at random instants while the source is being changed, every other one once it has
/// made a checkpoint. At the end each table of the destination is the source's, row by row; of a
/// table without a key, the destination has each change once, and they lead to the rows that the
/// source has.
class JdbcKillIT extends EveryJdbcDestination {
  private static final int KILLS = Integer.getInteger("tapline.jdbc.kills", 3);
  private static final List<String> KEYED = List.of("accounts", "scratch", "joined");
  private static final String KEYLESS = "whole";

  @Override
  void verify(JdbcDestination destination) throws Exception {
    String database = "kills_" + destination.kind();
    server.execute("CREATE DATABASE " + database);
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        """
        source: {type: postgres, url: "%s"}
        method: LOG_BASED
        streams:
          - table: public.*
            exclude: [public.noise]
        sink: %s
        engine: {checkpoint: {interval: 50ms, rows: 400}, retry-for: 60s}
        """
            .formatted(server.url(database), destination.sink()));
    Random random = new Random(20261121);
    int atWork = 0;
    try (Load load = new Load(LogServer.of(server), database, 5, 4)) {
      runToTheEnd(destination);
      long began = System.nanoTime();
      runToTheEnd(destination);
      long whole = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
      for (int i = 0; i < KILLS; i++) {
        long checkpoint = checkpoint();
        Process process =
            Distribution.start(
                destination.home(), folder, Map.of(), "run", "--continuous", "pipeline.yaml");
        if (i % 2 == 0) {
          awaitCheckpointAfter(checkpoint, process);
          process.waitFor(random.nextLong(500), TimeUnit.MILLISECONDS);
        } else {
          process.waitFor(whole * 4 / 10 + random.nextLong(whole), TimeUnit.MILLISECONDS);
        }
        process.destroyForcibly().waitFor();
        atWork += checkpoint() > checkpoint ? 1 : 0;
      }
      System.out.printf(
          "%s: %d kills, %d of them after the run had made a checkpoint; %d transactions%n",
          destination, KILLS, atWork, load.transactions());
      assertThat(atWork).isGreaterThanOrEqualTo(KILLS / 2);
      assertThat(load.transactions()).isGreaterThan(KILLS * 20L);
    }
    runToTheEnd(destination);
    int all = 0;
    try (Connection connection = destination.connect()) {
      for (String table : KEYED) {
        TreeMap<Long, String> source = new TreeMap<>();
        try (Connection original = server.connect(database)) {
          source.putAll(rows(original, "\"", table));
        }
        assertThat(rows(connection, destination.quote(), "public__" + table))
            .as(table)
            .isEqualTo(source);
        // One of them may just have been truncated.
        all += source.size();
      }
      assertThat(all).isPositive();
      assertThat(
              Replay.verify(
                  LogServer.of(server),
                  database,
                  history(connection, destination.quote()),
                  KEYLESS))
          .isPositive();
    }
    assertThat(destination.leftovers()).isEmpty();
  }

  private void runToTheEnd(JdbcDestination destination) throws Exception {
    Distribution.Result result = destination.run(folder, "run", "pipeline.yaml");
    assertThat(result.code()).as("%s", result).isZero();
  }

  private void awaitCheckpointAfter(long number, Process process) throws Exception {
    while (checkpoint() == number) {
      assertThat(process.waitFor(5, TimeUnit.MILLISECONDS))
          .as("it has ended by itself: %s", Files.readString(folder.resolve("stderr.txt")))
          .isFalse();
    }
  }

  private long checkpoint() throws Exception {
    return Output.JSON
        .readTree(Files.readString(folder.resolve(".tapline/pipeline.json")))
        .get("checkpoint")
        .asLong();
  }

  private static TreeMap<Long, String> rows(Connection connection, String quote, String table)
      throws SQLException {
    TreeMap<Long, String> rows = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(select(quote, table, "id", "version", "name", "large"))) {
      while (result.next()) {
        String row = result.getInt(2) + "|" + result.getString(3) + "|" + result.getString(4);
        assertThat(rows.put(result.getLong(1), row)).as("id %d twice", result.getLong(1)).isNull();
      }
    }
    return rows;
  }

  /// The rows and changes of the table without a key, in the order in which they happened.
  private static List<JsonNode> history(Connection connection, String quote) throws SQLException {
    record Row(long position, long index, JsonNode node) {}
    List<Row> rows = new ArrayList<>();
    String[] columns = {"id", "version", "name", "large", "_op", "_lsn", "_seq", "_unchanged"};
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(select(quote, "public__" + KEYLESS, columns))) {
      while (result.next()) {
        ObjectNode node = Output.JSON.createObjectNode();
        node.put("id", result.getLong("id"));
        node.put("version", result.getInt("version"));
        node.put("name", result.getString("name"));
        if (!"large".equals(result.getString("_unchanged"))) {
          node.put("large", result.getString("large"));
        }
        node.put("_op", result.getString("_op"));
        long position = result.getLong("_lsn");
        node.put("_lsn", "%X/%X".formatted(position >>> 32, position & 0xFFFF_FFFFL));
        node.put("_seq", result.getLong("_seq"));
        rows.add(new Row(position, result.getLong("_seq"), node));
      }
    }
    // Rows of the copy have no position, and come first.
    rows.sort(Comparator.comparingLong(Row::position).thenComparingLong(Row::index));
    return rows.stream().map(Row::node).toList();
  }

  private static String select(String quote, String table, String... columns) {
    return "SELECT %1$s%2$s%1$s FROM %1$s%3$s%1$s"
        .formatted(quote, String.join(quote + ", " + quote, columns), table);
  }
}
