package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.testing.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A row that changes between two runs is in the destination twice if, and only if, `check`, the
/// dry run and the run have said so before.
class DuplicatesIT {
  private static TestServer server;

  @TempDir Path folder;

  /// How often the destination has the row.
  interface Count {
    long rows() throws Exception;
  }

  @BeforeAll
  static void start() {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private void isToldBeforeItHappens(
      String database, String entry, String sink, boolean told, Count count) throws Exception {
    server.execute("CREATE DATABASE " + database);
    server.executeIn(
        database,
        "CREATE TABLE orders (id int PRIMARY KEY, at timestamptz NOT NULL)",
        "CREATE VIEW recent AS SELECT * FROM orders",
        "INSERT INTO orders VALUES (1, '2026-01-01'), (2, '2026-01-02')");
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        """
        source: {type: postgres, url: "%s"}
        streams: [%s]
        sink: %s
        """
            .formatted(server.url(database), entry, sink));

    assertThat(lines(run("check").out())).isEqualTo(told ? 1 : 0);
    assertThat(lines(run("run", "--dry-run").out())).isEqualTo(told ? 1 : 0);
    Distribution.Result first = run("run");
    assertThat(first.code()).as("%s", first).isZero();
    assertThat(lines(first.err())).isEqualTo(told ? 1 : 0);
    assertThat(first.err().contains("WARN  duplicates: ")).isEqualTo(told);
    assertThat(count.rows()).as("after the first run").isEqualTo(1);

    server.executeIn(database, "UPDATE orders SET at = '2026-02-01' WHERE id = 1");
    Distribution.Result second = run("run");

    assertThat(second.code()).as("%s", second).isZero();
    assertThat(second.err().contains("INFO  duplicates: ")).isEqualTo(told);
    assertThat(count.rows()).as("after the second run").isEqualTo(told ? 2 : 1);
  }

  private Distribution.Result run(String... arguments) throws Exception {
    String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 1);
    all[arguments.length] = "pipeline.yaml";
    return Distribution.run(folder, all);
  }

  private static long lines(String text) {
    return text.lines().filter(line -> line.contains("duplicates: ")).count();
  }

  private static final String INCREMENTAL =
      "{table: public.orders, method: INCREMENTAL, replication-key: at, lookback: 1s}";

  @Test
  void ofJsonLines() throws Exception {
    isToldBeforeItHappens(
        "json_lines",
        INCREMENTAL,
        "{type: jsonl, path: out}",
        true,
        () ->
            Output.rows(folder.resolve("out"), "public__orders").stream()
                .filter(row -> row.get("id").asInt() == 1)
                .count());
  }

  @Test
  void ofJsonLinesThatAreReplaced() throws Exception {
    isToldBeforeItHappens(
        "json_lines_whole",
        "{table: public.orders}",
        "{type: jsonl, path: out}",
        false,
        () ->
            Output.rows(folder.resolve("out"), "public__orders").stream()
                .filter(row -> row.get("id").asInt() == 1)
                .count());
  }

  @Test
  void ofRowsOnStandardOutput() throws Exception {
    Path all = folder.resolve("all.txt");
    isToldBeforeItHappens(
        "console",
        "{table: public.orders}",
        "{type: jsonl, layout: stdout}",
        true,
        () -> {
          // What somebody has who keeps all that is written.
          String before = Files.exists(all) ? Files.readString(all) : "";
          Files.writeString(all, before + Files.readString(folder.resolve("stdout.txt")));
          return Files.readString(all).lines().filter(line -> line.contains("\"id\":1,")).count();
        });
  }

  @Test
  void ofParquet() throws Exception {
    isToldBeforeItHappens(
        "parquet",
        INCREMENTAL,
        "{type: parquet, path: out}",
        true,
        () -> parquet("public__orders"));
  }

  @Test
  void ofParquetThatIsMerged() throws Exception {
    isToldBeforeItHappens(
        "compacted",
        INCREMENTAL,
        "{type: parquet, path: out, compact: true}",
        false,
        () -> parquet("public__orders__current"));
  }

  private long parquet(String destination) throws Exception {
    try (ParquetOutput output = new ParquetOutput()) {
      return output.number(
          "SELECT count(*) FROM %s WHERE id = 1"
              .formatted(ParquetOutput.table(folder.resolve("out"), destination)));
    }
  }

  @Test
  void ofATableWithAKey() throws Exception {
    JdbcDestination sqlite = JdbcDestination.embedded("sqlite", folder);
    isToldBeforeItHappens(
        "keyed", INCREMENTAL, sqlite.sink(), false, () -> rows(sqlite, "public__orders"));
  }

  @Test
  void ofATableWithoutAKey() throws Exception {
    JdbcDestination sqlite = JdbcDestination.embedded("sqlite", folder);
    String entry = INCREMENTAL.replace("table: public.orders", "view: public.recent");
    isToldBeforeItHappens(
        "keyless", entry, sqlite.sink(), true, () -> rows(sqlite, "public__recent"));
  }

  @Test
  void ofAViewThatIsGivenAKey() throws Exception {
    JdbcDestination sqlite = JdbcDestination.embedded("sqlite", folder);
    String entry =
        INCREMENTAL.replace("table: public.orders", "view: public.recent, primary-key: id");
    isToldBeforeItHappens(
        "given_key", entry, sqlite.sink(), false, () -> rows(sqlite, "public__recent"));
  }

  private static long rows(JdbcDestination destination, String table) throws SQLException {
    return destination.rows(table, "id").stream().filter(row -> row.equals("1")).count();
  }
}
