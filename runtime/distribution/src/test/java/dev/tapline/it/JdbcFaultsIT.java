package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.testing.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/// What another tool got wrong with changes out of a log. Tables are copied, are changed in each
/// way that it lost, and the log is read; each test looks at one of its faults. The client's time
/// zone is not the server's.
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"postgresql", "sqlite", "duckdb"})
class JdbcFaultsIT {
  private static final Map<String, String> ELSEWHERE =
      Map.of("TZ", "Asia/Kolkata", "PGTZ", "Asia/Kolkata");

  private static final String[] TABLES = {
    "CREATE TABLE part (id int PRIMARY KEY, note text) PARTITION BY RANGE (id)",
    "CREATE TABLE part_low PARTITION OF part FOR VALUES FROM (0) TO (100)",
    "CREATE TABLE part_high (note text, id int NOT NULL, PRIMARY KEY (id))",
    "ALTER TABLE part ATTACH PARTITION part_high FOR VALUES FROM (100) TO (200)",
    "CREATE TABLE bare (id int, note text)",
    "ALTER TABLE bare REPLICA IDENTITY FULL",
    "CREATE TABLE moving (id int PRIMARY KEY, note text)",
    "CREATE TABLE emptied (id int PRIMARY KEY, note text)",
    "CREATE TABLE large (id int PRIMARY KEY, note text, document text)",
    "ALTER TABLE large ALTER document SET STORAGE EXTERNAL",
    "CREATE TABLE doc (id text PRIMARY KEY, n int)",
    "ALTER TABLE doc ALTER id SET STORAGE EXTERNAL",
    "CREATE TABLE pair (part int, name text, n int, PRIMARY KEY (part, name))",
    "ALTER TABLE pair ALTER name SET STORAGE EXTERNAL",
    "CREATE TABLE noted (id int PRIMARY KEY, number numeric, items text[], day date,"
        + " moment timestamptz, ratio float8, amount numeric, address macaddr8, span int4range)",
    "INSERT INTO part SELECT i, 'first' FROM generate_series(1, 50) i",
    "INSERT INTO part SELECT i, 'first' FROM generate_series(101, 150) i",
    "INSERT INTO bare SELECT i, 'first' FROM generate_series(1, 3) i",
    "INSERT INTO moving SELECT i, 'first' FROM generate_series(1, 5) i",
    "INSERT INTO emptied SELECT i, 'first' FROM generate_series(1, 5) i",
    "INSERT INTO doc SELECT string_agg(md5(g || '-' || i), ''), i"
        + " FROM generate_series(1, 5) i, generate_series(1, 78) g GROUP BY i",
    "INSERT INTO pair SELECT n, id, n FROM doc",
    "INSERT INTO large SELECT i, 'first', i || repeat('x', 9000) FROM generate_series(1, 5) i"
  };

  private static final String[] CHANGES = {
    "UPDATE part SET note = 'changed' WHERE id IN (7, 107)",
    "UPDATE part SET id = 190 WHERE id = 40", // goes to the other partition
    "DELETE FROM part WHERE id IN (9, 109)",
    "UPDATE bare SET note = 'changed' WHERE id = 2",
    "DELETE FROM bare WHERE id = 3",
    "INSERT INTO bare VALUES (1, 'first')", // as another row is
    "UPDATE moving SET id = id + 100 WHERE id < 3",
    "UPDATE moving SET id = 1 WHERE id = 4", // takes a key that has become free
    "TRUNCATE emptied",
    "INSERT INTO emptied VALUES (3, 'after')",
    "UPDATE large SET note = 'changed' WHERE id = 2",
    "UPDATE large SET id = 33 WHERE id = 3",
    "UPDATE doc SET n = n + 10",
    "DELETE FROM doc WHERE n = 12",
    "UPDATE pair SET part = part + 10 WHERE n < 3", // the rest of the key is left alone
    "UPDATE pair SET n = n + 20 WHERE n = 4",
    "DELETE FROM pair WHERE n = 5",
    "INSERT INTO noted VALUES"
        + " (1, 12345678901234567890.123456789012345678901, NULL, '0044-03-15 BC',"
        + " '2026-06-01 12:00+05:30', 'Infinity', 'NaN', '08:00:2b:01:02:03:04:05', '[1,5)'),"
        + " (2, 0.1, '{}', '5874897-12-31', '2026-01-01 00:00Z', '-Infinity', 1e-30, NULL, 'empty'),"
        + " (3, 9007199254740993, '{NULL,\"\",\"NULL\",\"a,b\"}', 'infinity',"
        + " '2026-10-25 01:30:00.000001Z', 'NaN', -0.00, NULL, NULL)"
  };

  @TempDir static Path folder;
  private static TestServer server;
  private static JdbcDestination destination;
  private static String database = "";
  private static Path place = Path.of("");

  @Parameter String kind = "";

  @BeforeAll
  static void start() {
    server = TestServer.start("wal_level = logical", "max_replication_slots = 20");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeParameterizedClassInvocation
  static void copyAndChange(String kind) throws Exception {
    begin(kind, "changes");
    server.executeIn(database, TABLES);
    run();
    server.executeIn(database, CHANGES);
    run();
  }

  /// Makes a database, and a pipeline that copies it.
  private static void begin(String kind, String name) throws Exception {
    place = Files.createDirectory(folder.resolve(kind + "_" + name));
    database = kind + "_" + name;
    server.execute("CREATE DATABASE " + database);
    destination =
        kind.equals("postgresql")
            ? JdbcDestination.postgresql(server, "copy_" + name)
            : JdbcDestination.embedded(kind, place);
    Files.writeString(
        place.resolve("pipeline.yaml"),
        """
        source: {type: postgres, url: "%s"}
        method: LOG_BASED
        streams: [{table: public.*, exclude: [public.part_*]}]
        sink: %s
        engine: {parallelism: 1}
        """
            .formatted(
                server.url(database),
                destination.sink().replace("}", ", special-values: \"text\"}")));
  }

  private static void run(String... options) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("run"));
    arguments.addAll(List.of(options));
    arguments.add("pipeline.yaml");
    Distribution.Result result =
        Distribution.run(destination.home(), place, ELSEWHERE, arguments.toArray(String[]::new));
    assertThat(result.code()).as("%s", result).isZero();
  }

  private static List<String> source(String query) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      try (ResultSet result = statement.executeQuery(query)) {
        while (result.next()) {
          rows.add(String.valueOf(result.getString(1)));
        }
      }
    }
    return rows;
  }

  private static void same(String table, String... columns) throws SQLException {
    List<String> texts =
        List.of(columns).stream().map(name -> "coalesce(" + name + "::text, 'null')").toList();
    List<String> found = destination.rows("public__" + table, columns);
    assertThat(found).isNotEmpty();
    assertThat(sorted(found))
        .isEqualTo(
            sorted(
                source(
                    "SELECT concat_ws('|', %s) FROM %s"
                        .formatted(String.join(", ", texts), table))));
  }

  private static List<String> sorted(List<String> rows) {
    return rows.stream().sorted().toList();
  }

  @Test
  void aPartitionedTableHasTheChangesOfItsPartitions() throws Exception {
    same("part", "id", "note");
    assertThat(destination.rows("public__part", "id", "note"))
        .contains("7|changed", "107|changed", "190|first")
        .hasSize(98);
  }

  @Test
  void aTableWithoutAKeyHasItsUpdatesAndDeletes() throws Exception {
    assertThat(destination.rows("public__bare", "_op", "id", "note"))
        .containsExactlyInAnyOrder(
            "r|1|first",
            "r|2|first",
            "r|3|first",
            "d|2|first",
            "i|2|changed",
            "d|3|first",
            "i|1|first");
  }

  @Test
  void aChangedKeyLeavesNoOldRow() throws Exception {
    same("moving", "id", "note");
    assertThat(destination.rows("public__moving", "id"))
        .containsExactlyInAnyOrder("1", "3", "5", "101", "102");
  }

  @Test
  void aTruncatedTableIsEmptied() throws Exception {
    assertThat(destination.rows("public__emptied", "id", "note")).containsExactly("3|after");
  }

  @Test
  void aLargeValueThatWasLeftAloneIsNotNull() throws Exception {
    same("large", "id", "note", "document");
  }

  @Test
  void aKeyThatIsStoredOutOfLineTellsRowsApart() throws Exception {
    same("doc", "id", "n");
    same("pair", "part", "name", "n");
  }

  @Test
  void numericsKeepTheirDigits() throws Exception {
    same("noted", "number", "amount");
  }

  @Test
  void anArrayThatIsNullIsNotAnEmptyOne() throws Exception {
    same("noted", "id", "items");
  }

  @Test
  void daysBeforeChristAndFarOnesCome() throws Exception {
    assertThat(destination.query("SELECT CAST(\"day\" AS VARCHAR) FROM \"public__noted\""))
        .map(day -> day.replace("(BC)", "BC"))
        .containsExactlyInAnyOrderElementsOf(source("SELECT day FROM noted"));
  }

  @Test
  void infinityAndNaNCome() throws Exception {
    same("noted", "id", "ratio");
  }

  @Test
  void aMomentDoesNotDependOnTheClientsTimeZone() throws Exception {
    List<String> found = new ArrayList<>();
    for (String moment : destination.rows("public__noted", "moment")) {
      found.addAll(source("SELECT '%s'::timestamptz".formatted(moment)));
    }
    assertThat(found).containsExactlyInAnyOrderElementsOf(source("SELECT moment FROM noted"));
  }

  @Test
  void typesThatFewToolsKnowAreNotDropped() throws Exception {
    same("noted", "id", "address", "span");
  }

  @Test
  void whatTheDestinationRefusesIsThereForTheNextRun() throws Exception {
    elsewhere(
        "refused",
        () -> {
          refuseARow();
          destination.execute(
              switch (kind) {
                case "sqlite" -> "DROP TRIGGER decent";
                case "duckdb" -> "ALTER TABLE \"public__bad\" ALTER COLUMN note DROP NOT NULL";
                default -> "ALTER TABLE public__bad DROP CONSTRAINT decent";
              });

          run();

          same("good", "id", "note");
          same("bad", "id", "note");
          assertThat(destination.leftovers()).isEmpty();
        });
  }

  @Test
  void aResetOfTheStreamThatIsRefusedCostsNoOther() throws Exception {
    elsewhere(
        "given_up",
        () -> {
          refuseARow();
          Distribution.Result reset =
              Distribution.run(
                  destination.home(),
                  place,
                  ELSEWHERE,
                  "reset",
                  "--stream",
                  "public.bad",
                  "pipeline.yaml");
          assertThat(reset.code()).as("%s", reset).isZero();
          server.executeIn(database, "UPDATE bad SET note = 'right' WHERE note IS NULL");

          run();

          same("good", "id", "note");
          same("bad", "id", "note");
          assertThat(destination.leftovers()).isEmpty();
        });
  }

  /// Has a checkpoint of two tables refused because of a row of one, twice.
  private void refuseARow() throws Exception {
    server.executeIn(
        database,
        "CREATE TABLE good (id int PRIMARY KEY, note text)",
        "CREATE TABLE bad (id int PRIMARY KEY, note text)",
        "INSERT INTO good VALUES (1, 'first')",
        "INSERT INTO bad VALUES (1, 'first')");
    run();
    destination.execute(
        switch (kind) {
          case "sqlite" ->
              "CREATE TRIGGER decent BEFORE INSERT ON \"public__bad\" WHEN NEW.note IS NULL"
                  + " BEGIN SELECT RAISE(ABORT, 'decent'); END";
          case "duckdb" -> "ALTER TABLE \"public__bad\" ALTER COLUMN note SET NOT NULL";
          default -> "ALTER TABLE public__bad ADD CONSTRAINT decent CHECK (note IS NOT NULL)";
        });
    server.executeIn(
        database,
        "BEGIN; INSERT INTO good VALUES (2, 'second'); INSERT INTO bad VALUES (2, NULL); COMMIT");
    for (int attempt = 0; attempt < 2; attempt++) {
      Distribution.Result refused =
          Distribution.run(destination.home(), place, ELSEWHERE, "run", "pipeline.yaml");
      assertThat(refused.code()).as("%s", refused).isEqualTo(1);
      assertThat(refused.toString()).contains("does not take a row into its table");
    }
  }

  private interface Work {
    void run() throws Exception;
  }

  /// Does something in a database and a pipeline of its own.
  private void elsewhere(String name, Work work) throws Exception {
    String before = database;
    JdbcDestination others = destination;
    Path home = place;
    try {
      begin(kind, name);
      work.run();
    } finally {
      database = before;
      destination = others;
      place = home;
    }
  }

  @Test
  void aSiblingThatMovesTheSlotTakesNothingFromACopyThatWasInterrupted() throws Exception {
    String before = database;
    JdbcDestination others = destination;
    Path home = place;
    try {
      begin(kind, "siblings");
      server.executeIn(
          database,
          "CREATE TABLE small (id int PRIMARY KEY, note text)",
          "INSERT INTO small SELECT i, 'first' FROM generate_series(1, 100) i",
          "CREATE TABLE big (id int PRIMARY KEY, note text)",
          "INSERT INTO big SELECT i, repeat('n', 600) FROM generate_series(1, 60000) i");
      run("--stream", "public.small");

      Process process =
          Distribution.start(destination.home(), place, ELSEWHERE, "run", "pipeline.yaml");
      killInTheCopyOf(process, "big");
      String slot =
          source(
                  "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE database = current_database()")
              .getFirst();
      server.executeIn(
          database,
          "DELETE FROM big WHERE id % 3 = 0",
          "UPDATE big SET note = 'changed' WHERE id % 1000 = 1",
          "UPDATE small SET note = 'changed' WHERE id < 10");
      run("--stream", "public.small");
      same("small", "id", "note");
      assertThat(
              source(
                  "SELECT confirmed_flush_lsn > '%s' FROM pg_replication_slots WHERE database = current_database()"
                      .formatted(slot)))
          .as("the slot has moved")
          .containsExactly("t");
      server.executeIn(database, "DELETE FROM big WHERE id % 7 = 0");
      run();

      same("big", "id", "note");
      same("small", "id", "note");
      assertThat(destination.leftovers()).isEmpty();
    } finally {
      database = before;
      destination = others;
      place = home;
    }
  }

  /// Kills a run while the server sends it the rows of a table.
  private static void killInTheCopyOf(Process process, String table) throws Exception {
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement()) {
      boolean copying = false;
      while (!copying && process.isAlive()) {
        try (ResultSet rows =
            statement.executeQuery(
                "SELECT 1 FROM pg_stat_progress_copy WHERE relid IN (0, '%s'::regclass) AND datname = current_database()"
                    .formatted(table))) {
          copying = rows.next();
        }
      }
      assertThat(copying).as("the run came to copying %s", table).isTrue();
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(Files.readString(place.resolve(".tapline/pipeline.json")))
        .as("the copy was not complete")
        .doesNotContain("\"" + table + "\"");
  }
}
