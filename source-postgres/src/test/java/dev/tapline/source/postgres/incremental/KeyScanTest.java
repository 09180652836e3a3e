package dev.tapline.source.postgres.incremental;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.fixtures.Pipeline;
import dev.tapline.source.postgres.testing.SharedServer;
import dev.tapline.source.postgres.testing.TestServer;
import dev.tapline.spi.catalog.Relation;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.Split;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyScanTest {
  private final TestServer server = SharedServer.get();
  private String database = "";

  @BeforeEach
  void createDatabase() {
    database = SharedServer.database();
  }

  private void given(String... statements) {
    server.executeIn(database, statements);
  }

  private KeyFollower follower(String table, String lookback, String... key) throws Exception {
    return new KeyFollower(server.url(database), table, lookback, key);
  }

  @Test
  void bringsOnlyWhatIsNewAndNothingTwice() throws Exception {
    given(
        "CREATE TABLE t (name text, at timestamptz)",
        "INSERT INTO t VALUES ('a', '2026-01-01'), ('b', '2026-01-02 00:00:00.000001')");
    try (KeyFollower follower = follower("public.t", "", "at")) {
      follower.copy();
      assertThat(follower.next()).isEmpty();

      given("INSERT INTO t VALUES ('c', '2026-01-02 00:00:00.000001'), ('d', '2026-01-03')");
      assertThat(follower.next()).containsExactly("c", "d");
      assertThat(follower.next()).isEmpty();

      given("UPDATE t SET at = '2026-02-01' WHERE name = 'a'");
      assertThat(follower.next()).containsExactly("a");
    }
  }

  @Test
  void bringsARowAtTheBoundaryAgainWhenItHasChanged() throws Exception {
    given(
        "CREATE TABLE t (name text, at date, n int)",
        "INSERT INTO t VALUES ('a', '2026-01-01', 1), ('b', '2026-01-01', 1)");
    try (KeyFollower follower = follower("public.t", "", "at")) {
      follower.copy();
      given("UPDATE t SET n = 2 WHERE name = 'b'");

      assertThat(follower.next()).containsExactly("b");
    }
  }

  @Test
  void bringsEachOfTwoEqualRows() throws Exception {
    given("CREATE TABLE t (name text, id int)", "INSERT INTO t VALUES ('a', 1)");
    try (KeyFollower follower = follower("public.t", "", "id")) {
      follower.copy();
      given("INSERT INTO t VALUES ('a', 1)");

      assertThat(follower.next()).containsExactly("a");
      assertThat(follower.next()).isEmpty();
    }
  }

  @Test
  void beginsWithATableThatWasEmpty() throws Exception {
    given("CREATE TABLE t (name text, id int)");
    try (KeyFollower follower = follower("public.t", "", "id")) {
      follower.copy();
      assertThat(follower.next()).isEmpty();
      given("INSERT INTO t VALUES ('a', 0), ('none', NULL)");

      assertThat(follower.next()).containsExactly("a");
      assertThat(follower.next()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      delimiter = '|',
      value = {
        "text COLLATE \"C\" | O'Brien | P",
        "text COLLATE \"C\" | a\\b''%s$$ | b",
        "smallint | -5 | 7",
        "integer | 0 | 1",
        "bigint | 9007199254740993 | 9007199254740994",
        "numeric | 12345678901234567890.1234567890 | 12345678901234567890.1234567891",
        "numeric(12,2) | 1.10 | 1.11",
        "date | 0044-03-15 BC | 1582-10-10",
        "timestamp | 2026-01-01 00:00:00.000001 | 2026-01-01 00:00:00.000002",
        "timestamptz | 2026-01-01 00:00:00.000001+05 | 294276-12-31 23:59:59.999999",
        "timestamp(3) | 2026-01-01 00:00:00.123 | 2026-01-01 00:00:00.124",
        "uuid | 00000000-0000-0000-0000-000000000001 | 00000000-0000-0000-0000-000000000002",
        "float8 | 0.1 | 0.30000000000000004",
        "bytea | \\x00ff | \\x0100",
        "time | 23:59:59.999999 | 24:00",
        "inet | 10.0.0.1 | 10.0.0.2",
        "character(4) | ab | ac",
        "public.mood | sad | happy",
        "oid | 4294967294 | 4294967295",
        "pg_lsn | 0/FF | 1/0",
        "interval | 1 day | 2 days",
        "boolean | false | true"
      })
  void goesByKeysOfAnyTypeThatHasAnOrder(String type, String first, String second)
      throws Exception {
    given(
        "CREATE TYPE public.mood AS ENUM ('sad', 'happy')",
        "CREATE TABLE t (name text, \"the Key\" %s)".formatted(type),
        "INSERT INTO t VALUES ('a', $q$%s$q$)".formatted(first));
    try (KeyFollower follower = follower("public.t", "", "the Key")) {
      follower.copy();
      assertThat(follower.next()).isEmpty();
      given("INSERT INTO t VALUES ('b', $q$%s$q$)".formatted(second));

      assertThat(follower.next()).containsExactly("b");
      assertThat(follower.next()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "float8, Infinity, 1, 2",
    "float8, NaN, 1, 2",
    "real, NaN, 1, 2",
    "numeric, NaN, 1, 2",
    "numeric, Infinity, 1, 2",
    "date, infinity, 2026-01-01, 2026-01-02",
    "timestamptz, infinity, 2026-01-01, 2026-01-02"
  })
  void goesOnWhenARowHasAKeyThatNoOtherCanExceed(
      String type, String beyond, String first, String second) throws Exception {
    given(
        "CREATE TABLE t (name text, k %s)".formatted(type),
        "INSERT INTO t VALUES ('beyond', '%s'), ('a', '%s')".formatted(beyond, first));
    try (KeyFollower follower = follower("public.t", "", "k")) {
      follower.copy();
      given("INSERT INTO t VALUES ('too', '%s'), ('b', '%s')".formatted(beyond, second));

      assertThat(follower.next()).containsExactly("b");
      assertThat(follower.next()).isEmpty();
    }
  }

  @Test
  void goesByAKeyOfSeveralColumns() throws Exception {
    given(
        "CREATE TABLE t (name text, at date, id int)",
        "INSERT INTO t VALUES ('a', '2026-01-01', 9), ('b', '2026-01-02', 1), ('x', '2026-01-02', NULL)");
    try (KeyFollower follower = follower("public.t", "", "at", "id")) {
      follower.copy();
      given(
          "INSERT INTO t VALUES ('old', '2026-01-01', 10), ('c', '2026-01-02', 2), ('d', '2026-01-03', 0), ('y', '2026-01-04', NULL)");

      assertThat(follower.next()).containsExactly("c", "d");
      assertThat(follower.next()).isEmpty();
    }
  }

  @Test
  void looksBackForRowsThatWereCommittedLate() throws Exception {
    given(
        "CREATE TABLE t (name text, at timestamptz)",
        "INSERT INTO t SELECT 'r' || i, timestamptz '2026-01-01' + i * interval '1 second' FROM generate_series(1, 1000) i");
    try (KeyFollower strict = follower("public.t", "", "at");
        KeyFollower patient = follower("public.t", "5m", "at");
        Connection late = server.connect(database);
        Statement statement = late.createStatement()) {
      late.setAutoCommit(false);
      statement.execute("INSERT INTO t VALUES ('late', timestamptz '2026-01-01 00:14:00')");
      strict.copy();
      patient.copy();
      late.commit();
      given("INSERT INTO t VALUES ('new', '2026-01-01 00:20:00')");

      assertThat(strict.next()).containsExactly("new");
      assertThat(patient.next()).containsExactly("late", "new");
      assertThat(patient.next()).isEmpty();
    }
  }

  @Test
  void looksBackInNumbersAndDays() throws Exception {
    given(
        "CREATE TABLE n (name text, id bigint)",
        "INSERT INTO n SELECT 'r' || i, i FROM generate_series(1, 100) i",
        "CREATE TABLE d (name text, day date)",
        "INSERT INTO d VALUES ('a', '2026-01-10'), ('b', '2026-01-01')");
    try (KeyFollower numbers = follower("public.n", "10", "id");
        KeyFollower days = follower("public.d", "2d", "day")) {
      numbers.copy();
      days.copy();
      given(
          "INSERT INTO n VALUES ('in', 95), ('out', 89)",
          "INSERT INTO d VALUES ('in', '2026-01-08'), ('out', '2026-01-07')");

      assertThat(numbers.next()).containsExactly("in");
      assertThat(days.next()).containsExactly("in");
    }
  }

  @Test
  void resumesBetweenBatchesWithoutLosingOrDoubling() throws Exception {
    given("CREATE TABLE t (name text, g int)");
    try (KeyFollower follower = follower("public.t", "", "g")) {
      List<String> rows = new ArrayList<>();
      follower.copy();
      given("INSERT INTO t SELECT 'r' || i, i / 500 FROM generate_series(0, 29999) i");
      boolean finished = false;
      while (!finished) {
        Split split = follower.on(follower.stream).splits().getFirst();
        try (BatchReader reader = follower.pipeline.source.open(split)) {
          // One batch, then as if the connection were cut.
          reader
              .poll(KeyFollower.PATIENCE)
              .ifPresent(batch -> {
                for (int i = 0; i < batch.rows(); i++) {
                  rows.add(batch.row(i).string("name"));
                }
              });
          follower.position = reader.positions().get(follower.stream.name());
          finished = reader.finished();
        }
      }

      assertThat(rows).hasSize(30_000).doesNotHaveDuplicates();
    }
  }

  @Test
  void refusesKeysThatHaveNoOrder() throws Exception {
    given("CREATE TABLE t (name text, doc json, place point, list point[], plain int[])");
    try (Pipeline pipeline = Pipeline.at(server.url(database))) {
      Relation relation = pipeline.relation("public.t");

      assertThat(pipeline.source.problemOfKey(KeyFollower.stream(relation, "")))
          .contains("no replication key");
      assertThat(pipeline.source.problemOfKey(KeyFollower.stream(relation, "", "plain"))).isEmpty();
      for (String column : List.of("doc", "place", "list")) {
        assertThat(pipeline.source.problemOfKey(KeyFollower.stream(relation, "", column)))
            .contains("has no order to go by");
      }
      assertThat(pipeline.source.problemOfKey(KeyFollower.stream(relation, "5m", "name")))
          .contains("a lookback needs a replication key of times or numbers");
    }
  }
}
