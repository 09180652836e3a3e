package dev.tapline.source.postgres.incremental;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.testing.SharedServer;
import dev.tapline.source.postgres.testing.TestServer;
import dev.tapline.spi.catalog.Finding;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Keys whose types have operators of their own: rows are compared as they are ordered.
class KeyOperatorTest {
  private final TestServer server = SharedServer.get();
  private String database = "";

  @BeforeEach
  void createDatabase() {
    database = SharedServer.database();
    server.executeIn(
        database,
        "CREATE SCHEMA ext",
        "CREATE EXTENSION citext SCHEMA ext",
        "CREATE EXTENSION ltree SCHEMA ext",
        "CREATE EXTENSION isn SCHEMA ext",
        "CREATE EXTENSION hstore SCHEMA ext",
        "CREATE DOMAIN ext.\"a Name\" AS ext.citext CHECK (VALUE <> '')",
        "CREATE DOMAIN ext.nested AS ext.\"a Name\"",
        "CREATE DOMAIN ext.few AS int CHECK (VALUE < 100)",
        "CREATE TYPE ext.mood AS ENUM ('sad', 'happy')",
        "CREATE TYPE ext.pair AS (a int, b text)",
        "CREATE COLLATION ext.ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false)");
  }

  private void given(String... statements) {
    server.executeIn(database, statements);
  }

  private KeyFollower follower(String table, String lookback, String... key) throws Exception {
    return new KeyFollower(server.url(database), table, lookback, key);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ext.citext | c | D",
        "ext.\"a Name\" | c | D",
        "ext.nested | c | D",
        "ext.citext[] | {c} | {D}",
        "ext.ltree | a.c | a.d",
        "ext.ltree[] | {a.c} | {a.d}",
        "ext.isbn13 | 978-0-11-000533-1 | 978-0-393-04002-9",
        "ext.hstore | a=>1 | b=>1, c=>2",
        "ext.few | 9 | 10",
        "ext.mood | sad | happy",
        "ext.mood[] | {sad} | {happy}",
        "ext.pair | (9,x) | (10,a)",
        "text COLLATE ext.ci | c | D",
        "int4range | [9,10) | [10,11)",
        "int4multirange | {[9,10)} | {[10,11)}",
        "tstzrange | [2026-01-01,2026-01-02) | [2026-01-02,2026-01-03)",
        "int[] | {9} | {10}",
        "bit(3) | 001 | 100",
        "cidr | 10.0.0.0/8 | 11.0.0.0/8",
        "xid8 | 9 | 10",
        "\"char\" | a | b",
        "tsvector | a | b",
        "regclass | pg_class | pg_attribute"
      })
  void comparesByTheOperatorsOfTheOrder(String type, String first, String second) throws Exception {
    // Which of the two is the higher one, the server's own order says.
    given(
        "CREATE TABLE t (name text, k %s)".formatted(type),
        "CREATE INDEX ON t (k)",
        "INSERT INTO t VALUES ('a', $q$%s$q$), ('b', $q$%s$q$)".formatted(first, second));
    String last = server.valueIn(database, "SELECT name FROM t ORDER BY k DESC LIMIT 1");
    given("CREATE TABLE later AS SELECT * FROM t WHERE name = '%s'".formatted(last));
    given("DELETE FROM t WHERE name = '%s'".formatted(last));
    try (KeyFollower follower = follower("public.t", "", "k")) {
      follower.copy();
      assertThat(follower.next()).isEmpty();
      given("INSERT INTO t SELECT * FROM later");
      assertThat(follower.next()).containsExactly(last);
      assertThat(follower.next()).isEmpty();
      assertThat(follower.pipeline.source.check(List.of(follower.stream)))
          .noneMatch(finding -> finding.severity() == Finding.Severity.ERROR);
    }
  }

  @Test
  void comparesSeveralColumnsByTheOperatorsOfEach() throws Exception {
    given(
        "CREATE TABLE t (name text, k ext.citext, at date, path ext.ltree)",
        "CREATE INDEX ON t (k, at, path)",
        "INSERT INTO t VALUES ('a', 'c', '2026-01-01', 'a'), ('b', 'c', '2026-01-02', 'b')");
    try (KeyFollower follower = follower("public.t", "", "k", "at", "path")) {
      follower.copy();
      given(
          "INSERT INTO t VALUES ('old', 'C', '2026-01-02', 'a'), ('old too', 'C', '2026-01-01', 'z'), ('c', 'C', '2026-01-02', 'b.c'), ('d', 'c', '2026-01-03', 'a'), ('e', 'D', '2025-01-01', 'a')");
      assertThat(follower.next()).containsExactly("c", "d", "e");
      assertThat(follower.next()).isEmpty();
    }
  }

  @Test
  void aPositionThatWasComparedByOtherOperatorsIsTakenAnew() throws Exception {
    given(
        "CREATE TABLE t (name text, k ext.citext, n text)", "INSERT INTO t VALUES ('a', 'c', 'c')");
    try (KeyFollower follower = follower("public.t", "", "k");
        KeyFollower texts = follower("public.t", "", "n")) {
      follower.copy();
      texts.copy();
      follower.position = follower.without("order");
      assertThat(follower.outdated(follower.stream))
          .singleElement()
          .asString()
          .contains("other operators");

      given("ALTER TABLE t ALTER n TYPE text COLLATE ext.ci");
      try (KeyFollower now = follower("public.t", "", "n")) {
        now.position = texts.position;
        assertThat(now.outdated(now.stream)).singleElement().asString().contains("order");
      }
    }
  }

  @Test
  void anIndexServesTheReadOfSeveralColumns() throws Exception {
    given(
        "CREATE TABLE t (name text, k ext.citext, id int)",
        "INSERT INTO t SELECT 'r' || i, 'k' || lpad(i::text, 7, '0'), i FROM generate_series(1, 200000) i",
        "CREATE INDEX ON t (k, id)",
        "ANALYZE t");
    try (KeyFollower follower = follower("public.t", "", "k", "id")) {
      follower.copy();
      server.executeIn(database, "SELECT pg_stat_reset()");
      assertThat(follower.next()).isEmpty();
      assertThat(
              server.valueIn(
                  database,
                  "SELECT pg_stat_force_next_flush() IS NULL OR seq_scan = 0 FROM pg_stat_user_tables WHERE relname = 't'"))
          .isEqualTo("t");
    }
  }
}
