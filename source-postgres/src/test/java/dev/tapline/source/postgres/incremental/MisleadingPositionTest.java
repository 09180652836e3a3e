package dev.tapline.source.postgres.incremental;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.testing.SharedServer;
import dev.tapline.source.postgres.testing.TestServer;
import dev.tapline.spi.catalog.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Positions that would mislead: rows far ahead of all others, more rows of one key than can be
/// remembered, tables that were emptied and filled again.
class MisleadingPositionTest {
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

  @ParameterizedTest
  @CsvSource({
    "timestamptz, 2999-01-01, 2026-01-01, 2026-01-02, 2026-01-03, ''",
    "timestamptz, 2999-01-01, 2026-01-01, 2026-01-02, 2026-01-03, 5m",
    "timestamp, 9999-12-31 23:59:59, 2026-01-01, 2026-01-02, 2026-01-03, ''",
    "date, 9999-12-31, 2026-01-01, 2026-01-02, 2026-01-03, ''",
    "smallint, 32767, 1, 2, 3, ''",
    "integer, 2147483647, 1, 2, 3, ''",
    "integer, 99999999, 1, 2, 3, 1",
    "bigint, 9223372036854775807, 1, 2, 3, ''",
    "bigint, 2147483647, 1, 2, 3, ''",
    "bigint, 999999999999, 1, 2, 3, ''",
    "'numeric(10,2)', 99999999.99, 1, 2, 3, ''",
    "numeric, 9999999.0, 1, 2, 3, ''",
    "float8, 1e308, 1, 2, 3, ''",
    "uuid, ffffffff-ffff-ffff-ffff-ffffffffffff, 00000000-0000-0000-0000-000000000001, 00000000-0000-0000-0000-000000000002, 00000000-0000-0000-0000-000000000003, ''"
  })
  void aRowAheadOfAllOthersHidesNoneAndComesOnce(
      String type, String ahead, String first, String second, String third, String lookback)
      throws Exception {
    given(
        "CREATE TABLE t (name text, k %s NOT NULL)".formatted(type),
        "INSERT INTO t VALUES ('a', '%s'), ('ahead', '%s')".formatted(first, ahead));
    try (KeyFollower follower = follower("public.t", lookback, "k")) {
      follower.copy();
      assertThat(follower.next()).isEmpty();
      assertThat(follower.warnings()).anyMatch(told -> told.contains("ahead of"));
      given("INSERT INTO t VALUES ('b', '%s')".formatted(second));
      assertThat(follower.next()).containsExactly("b");
      given("INSERT INTO t VALUES ('c', '%s'), ('ahead too', '%s')".formatted(third, ahead));
      assertThat(follower.next()).containsExactlyInAnyOrder("c", "ahead too");
      assertThat(follower.next()).isEmpty();
    }
  }

  @Test
  void rowsThatAreAllAheadComeOnce() throws Exception {
    given(
        "CREATE TABLE t (name text, at timestamptz NOT NULL)",
        "INSERT INTO t VALUES ('a', '2999-01-01'), ('b', '2999-01-02')");
    try (KeyFollower follower = follower("public.t", "", "at")) {
      follower.copy();
      assertThat(follower.next()).isEmpty();
      given("INSERT INTO t VALUES ('c', '2026-01-01'), ('d', '2998-01-01')");
      assertThat(follower.next()).containsExactly("c", "d");
      assertThat(follower.next()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"table", "partitioned", "parent"})
  void moreRowsOfOneKeyThanCanBeRememberedComeOnce(String kind) throws Exception {
    given(
        switch (kind) {
          case "table" -> new String[] {"CREATE TABLE t (id int, name text, g int)"};
          case "partitioned" ->
              new String[] {
                "CREATE TABLE t (id int, name text, g int) PARTITION BY HASH (id)",
                "CREATE TABLE t0 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
                "CREATE TABLE t1 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 1)"
              };
          default ->
              new String[] {
                "CREATE TABLE t (id int, name text, g int)", "CREATE TABLE t0 () INHERITS (t)"
              };
        });
    String into = kind.equals("parent") ? "t0" : "t";
    given("INSERT INTO %s SELECT i, 'r' || i, 1 FROM generate_series(1, 50000) i".formatted(into));
    try (KeyFollower follower = follower("public.t", "", "g")) {
      follower.copy();
      assertThat(follower.next()).isEmpty();
      // Late, with a smaller id; and changed without its key; and equal to one that was brought.
      given(
          "INSERT INTO %s VALUES (0, 'late', 1), (7, 'r7', 1)".formatted(into),
          "UPDATE t SET name = 'changed' WHERE id = 50000");
      assertThat(follower.next()).containsExactlyInAnyOrder("late", "r7", "changed");
      assertThat(follower.next()).isEmpty();

      given("UPDATE t SET g = 2");
      assertThat(follower.next()).hasSize(50_002);
      assertThat(follower.next()).isEmpty();
      given("INSERT INTO %s VALUES (0, 'next', 3)".formatted(into));
      assertThat(follower.next()).containsExactly("next");
      assertThat(follower.position.toString()).doesNotContain("transactions=");
      assertThat(follower.next()).isEmpty();
    }
  }

  @Test
  void rowsOfATableThatIsAttachedLaterAreNotTakenForRead() throws Exception {
    given(
        "CREATE TABLE t (name text, g int)",
        "CREATE TABLE later (name text, g int)",
        "INSERT INTO t SELECT 'r' || i, 1 FROM generate_series(1, 25000) i",
        "INSERT INTO later VALUES ('attached', 1)");
    try (KeyFollower follower = follower("public.t", "", "g")) {
      follower.copy();
      assertThat(follower.next()).isEmpty();
      given("ALTER TABLE later INHERIT t");
      assertThat(follower.warnings()).singleElement().asString().contains("come once more");
      assertThat(follower.next()).hasSize(25_001).contains("attached");
      assertThat(follower.warnings()).isEmpty();
      assertThat(follower.next()).isEmpty();
    }
  }

  @Test
  void aPositionOfAnEarlierVersionThatStandsForNoEndIsOutdated() throws Exception {
    given("CREATE TABLE t (name text, id int)", "INSERT INTO t VALUES ('a', 1)");
    try (KeyFollower follower = follower("public.t", "", "id")) {
      follower.copy();
      follower.position = follower.with("key.id", "2147483647");
      assertThat(follower.outdated(follower.stream)).isEmpty();
      follower.position = follower.without("next", "relfilenode");
      assertThat(follower.outdated(follower.stream))
          .containsExactly(
              "its position 2147483647 is ahead of all that can be expected, so rows may be missing");
    }
  }

  @Test
  void aTableOfWhichSomeColumnsMayBeReadIsFollowed() throws Exception {
    String role = database + "_columns";
    given(
        "CREATE TABLE t (name text, id int, hidden text)",
        "INSERT INTO t VALUES ('a', 1)",
        "CREATE ROLE " + role + " LOGIN",
        "GRANT SELECT (name, id) ON t TO " + role);
    try (KeyFollower follower =
        new KeyFollower(
            server.url(database).replace("postgres@", role + "@"), "public.t", "", "id")) {
      follower.copy();
      assertThat(follower.next()).isEmpty();
      given("INSERT INTO t VALUES ('b', 2)");
      assertThat(follower.next()).containsExactly("b");
      given("DELETE FROM t", "INSERT INTO t VALUES ('c', 1)");
      assertThat(follower.warnings()).singleElement().asString().contains("below its position 2");
    }
  }

  @Test
  void moreRowsWithinTheLookbackThanCanBeRememberedComeOnce() throws Exception {
    given(
        "CREATE TABLE t (name text, at timestamptz NOT NULL)",
        "INSERT INTO t SELECT 'r' || i, timestamptz '2026-01-01' + i * interval '1 ms' FROM generate_series(1, 60000) i");
    try (KeyFollower follower = follower("public.t", "1h", "at")) {
      follower.copy();
      assertThat(follower.next()).isEmpty();
      given("INSERT INTO t VALUES ('late', '2026-01-01 00:00:01'), ('new', '2026-01-01 00:02')");
      assertThat(follower.next()).containsExactly("late", "new");
      assertThat(follower.next()).isEmpty();
    }
  }

  @Test
  void aTransactionThatWasOpenWhileManyRowsOfOneKeyWereReadIsNotTakenForRead() throws Exception {
    given(
        "CREATE TABLE t (name text, g int)",
        "INSERT INTO t SELECT 'r' || i, 1 FROM generate_series(1, 30000) i");
    try (KeyFollower follower = follower("public.t", "", "g");
        var open = server.connect(database);
        var statement = open.createStatement()) {
      open.setAutoCommit(false);
      statement.execute("SAVEPOINT s");
      statement.execute("INSERT INTO t VALUES ('in a subtransaction', 1)");
      statement.execute("RELEASE SAVEPOINT s");
      statement.execute("INSERT INTO t VALUES ('late', 1)");
      given("INSERT INTO t SELECT 's' || i, 1 FROM generate_series(1, 10) i");
      follower.copy();
      assertThat(follower.next()).isEmpty();
      open.commit();
      assertThat(follower.next()).containsExactlyInAnyOrder("late", "in a subtransaction");
      assertThat(follower.next()).isEmpty();
    }
  }

  @Test
  void aViewWithMoreRowsOfOneKeyThanCanBeRememberedIsTold() throws Exception {
    given(
        "CREATE TABLE t (name text, g int)",
        "CREATE VIEW v AS SELECT * FROM t",
        "INSERT INTO t SELECT 'r' || i, 1 FROM generate_series(1, 30000) i");
    try (KeyFollower follower = follower("public.v", "", "g")) {
      follower.copy();
      for (int run = 0; run < 2; run++) {
        assertThat(follower.warnings()).anyMatch(told -> told.contains("come again in each run"));
        assertThat(follower.next()).hasSize(10_000);
      }
    }
  }

  @Test
  void whatBecomesOfColumnsIsTold() throws Exception {
    given(
        "CREATE TABLE t (id int PRIMARY KEY, name text, g int, v int)",
        "CREATE VIEW seen AS SELECT name, g FROM t",
        "INSERT INTO t VALUES (1, 'one', 1, 1)");
    try (KeyFollower follower = follower("public.t", "", "g");
        KeyFollower view = follower("public.seen", "", "g")) {
      follower.copy();
      view.copy();
      given("ALTER TABLE t ADD n int", "INSERT INTO t VALUES (2, 'two', 2, 2)");
      Stream all = follower.again();
      assertThat(follower.on(all).doubts()).isEmpty();
      given(
          "ALTER TABLE t RENAME v TO renamed",
          "ALTER TABLE t ADD filled int NOT NULL DEFAULT 7",
          "CREATE OR REPLACE VIEW seen AS SELECT name, g, id FROM t");
      Stream altered = follower.again();
      assertThat(follower.on(altered).doubts().get(altered.name()))
          .anyMatch(told -> told.contains("its columns renamed have another name or type"))
          .anyMatch(told -> told.contains("its columns filled were added"))
          .allMatch(told -> told.contains("reset --stream"))
          .hasSize(2);
      Stream wider = view.again();
      assertThat(view.on(wider).doubts().get(wider.name()))
          .singleElement()
          .asString()
          .contains("its columns id were added");
    }
  }

  @Test
  void columnsThatComeLaterAreCopiedAnewAndThoseThatAreLeftOutAreNoNews() throws Exception {
    given(
        "CREATE TABLE t (id int PRIMARY KEY, v int, name text, w int)",
        "INSERT INTO t VALUES (1, 1, 'one', 1)");
    try (KeyFollower follower = follower("public.t", "", "id")) {
      Stream few = follower.only("id", "name");
      follower.copy(few);
      assertThat(follower.outdated(few)).isEmpty();
      assertThat(follower.outdated(follower.stream))
          .singleElement()
          .asString()
          .contains("its columns v, w come now");
      follower.copy();
      assertThat(follower.outdated(few)).isEmpty();
      assertThat(follower.on(few).doubts()).isEmpty();
    }
  }

  @Test
  void aTableThatWasTruncatedAndFilledAgainBelowItsPositionIsCopiedAnew() throws Exception {
    given(
        "CREATE TABLE t (id serial PRIMARY KEY, name text)",
        "INSERT INTO t (name) SELECT 'r' || i FROM generate_series(1, 1000) i");
    try (KeyFollower follower = follower("public.t", "", "id")) {
      follower.copy();
      assertThat(follower.next()).isEmpty();
      given("TRUNCATE t RESTART IDENTITY");
      assertThat(follower.next()).isEmpty();
      assertThat(follower.next()).isEmpty();
      given("INSERT INTO t (name) SELECT 'n' || i FROM generate_series(1, 500) i");
      assertThat(follower.outdated(follower.stream))
          .singleElement()
          .asString()
          .contains("was truncated or rewritten");

      // Beyond the position too.
      given("INSERT INTO t (name) SELECT 'n' || i FROM generate_series(501, 1500) i");
      assertThat(follower.outdated(follower.stream)).hasSize(1);
    }
  }

  @Test
  void aTableThatIsTruncatedAndGoesOnUpwardsIsNot() throws Exception {
    given(
        "CREATE TABLE t (id serial PRIMARY KEY, name text)",
        "INSERT INTO t (name) VALUES ('a'), ('b')");
    try (KeyFollower follower = follower("public.t", "", "id")) {
      follower.copy();
      given("TRUNCATE t", "INSERT INTO t (name) VALUES ('c')");
      assertThat(follower.next()).containsExactly("c");
      given("VACUUM FULL t", "INSERT INTO t (name) VALUES ('d')");
      assertThat(follower.next()).containsExactly("d");
      given("DELETE FROM t WHERE name = 'd'", "VACUUM FULL t");
      assertThat(follower.outdated(follower.stream)).isEmpty();
      assertThat(follower.warnings()).isEmpty();
      given("DELETE FROM t");
      assertThat(follower.next()).isEmpty();
      assertThat(follower.warnings()).isEmpty();
      given("INSERT INTO t (name) VALUES ('e')");
      assertThat(follower.next()).containsExactly("e");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"public.t", "public.p", "public.v", "public.m"})
  void rowsWrittenBelowThePositionInPlaceOfTheDeletedAreTold(String table) throws Exception {
    given(
        "CREATE TABLE t (id int PRIMARY KEY, name text)",
        "CREATE TABLE p (id int PRIMARY KEY, name text) PARTITION BY RANGE (id)",
        "CREATE TABLE p0 PARTITION OF p DEFAULT",
        "CREATE VIEW v AS SELECT * FROM t",
        "INSERT INTO t SELECT i, 'r' || i FROM generate_series(1, 1000) i",
        "INSERT INTO p SELECT * FROM t",
        "CREATE MATERIALIZED VIEW m AS SELECT * FROM t");
    try (KeyFollower follower = follower(table, "", "id")) {
      follower.copy();
      given(
          "DELETE FROM t",
          "INSERT INTO t SELECT i, 'n' || i FROM generate_series(1, 500) i",
          "TRUNCATE p",
          "INSERT INTO p SELECT * FROM t",
          "REFRESH MATERIALIZED VIEW m");
      for (int run = 0; run < 3; run++) {
        assertThat(follower.warnings())
            .as("run " + run)
            .anyMatch(told -> told.contains("below its position") && told.contains("reset"));
        assertThat(follower.next()).isEmpty();
      }
    }
  }

  @Test
  void aServerThatWentBackHasItsStreamsCopiedAnew() throws Exception {
    given("CREATE TABLE t (id int PRIMARY KEY, name text)", "INSERT INTO t VALUES (1, 'a')");
    try (KeyFollower follower = follower("public.t", "", "id")) {
      follower.copy();
      follower.position = follower.with("next", "99999999999");
      assertThat(follower.outdated(follower.stream))
          .singleElement()
          .asString()
          .contains("went back");
    }
  }

  @Test
  void aPositionOfAnEarlierVersionIsReadOn() throws Exception {
    given(
        "CREATE TABLE t (name text, at timestamptz NOT NULL)",
        "INSERT INTO t VALUES ('a', '2026-01-01'), ('b', '2026-01-02')");
    try (KeyFollower follower = follower("public.t", "", "at")) {
      follower.copy();
      follower.position = follower.without("order", "next", "relfilenode");
      given("INSERT INTO t VALUES ('c', '2026-01-02'), ('d', '2026-01-03')");
      assertThat(follower.next()).containsExactly("c", "d");
      assertThat(follower.position.entries()).containsKeys("order", "next", "relfilenode");

      // One that an earlier version has set far ahead.
      given("INSERT INTO t VALUES ('far', '2999-01-01')");
      follower.position = follower.without("order", "next", "relfilenode");
      follower.position = follower.with("key.at", "2999-01-01 00:00:00+00");
      assertThat(follower.outdated(follower.stream))
          .singleElement()
          .asString()
          .contains("ahead of the server's clock");
    }
  }
}
