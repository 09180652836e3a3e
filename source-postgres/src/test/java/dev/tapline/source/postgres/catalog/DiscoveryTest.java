package dev.tapline.source.postgres.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.fixtures.Pipeline;
import dev.tapline.source.postgres.testing.SharedServer;
import dev.tapline.source.postgres.testing.TestServer;
import dev.tapline.spi.catalog.Catalog;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Relation;
import dev.tapline.spi.catalog.RelationKind;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DiscoveryTest {
  private final TestServer server = SharedServer.get();
  private String database = "";

  @BeforeEach
  void createDatabase() {
    database = SharedServer.database();
  }

  private Pipeline pipeline() {
    return Pipeline.at(server.url(database));
  }

  private void given(String... statements) {
    server.executeIn(database, statements);
  }

  @Test
  void listsEveryKindOfRelation() throws Exception {
    given(
        "CREATE TABLE t (a int)",
        "CREATE TABLE p (a int) PARTITION BY LIST (a)",
        "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
        "CREATE VIEW v AS SELECT 1 AS one",
        "CREATE MATERIALIZED VIEW m AS SELECT 1 AS one",
        "CREATE FOREIGN DATA WRAPPER w",
        "CREATE SERVER s FOREIGN DATA WRAPPER w",
        "CREATE FOREIGN TABLE f (a int) SERVER s",
        "CREATE TEMP TABLE gone (a int)",
        "CREATE SEQUENCE not_a_table",
        "CREATE INDEX ON t (a)");
    try (Pipeline pipeline = pipeline()) {
      assertThat(
              pipeline.discover().relations().stream()
                  .collect(Collectors.toMap(r -> r.name().toString(), Relation::kind)))
          .isEqualTo(
              Map.of(
                  "public.t", RelationKind.TABLE,
                  "public.p", RelationKind.PARTITIONED_TABLE,
                  "public.v", RelationKind.VIEW,
                  "public.m", RelationKind.MATERIALIZED_VIEW,
                  "public.f", RelationKind.FOREIGN_TABLE));
    }
    try (Pipeline pipeline = Pipeline.at(server.url(database), "partitions", true)) {
      assertThat(Pipeline.names(pipeline.discover())).contains("public.p1", "public.p");
    }
  }

  @Test
  void tellsTypesKeysAndComments() throws Exception {
    given(
        "CREATE TYPE mood AS ENUM ('sad', 'happy')",
        "CREATE TABLE t (z mood, gone int, b numeric(10,2) NOT NULL, a text, ids bigint[],"
            + " PRIMARY KEY (b, a))",
        "ALTER TABLE t DROP COLUMN gone",
        "COMMENT ON TABLE t IS 'the table'",
        "COMMENT ON COLUMN t.a IS 'the column'");
    try (Pipeline pipeline = pipeline()) {
      Relation table = pipeline.relation("public.t");
      assertThat(table.comment()).isEqualTo("the table");
      assertThat(table.schema().key()).containsExactly("b", "a");
      assertThat(table.schema().fields())
          .containsExactly(
              new Field(
                  "z", new DataType.Enumeration(List.of("sad", "happy")), true, "public.mood", ""),
              new Field("b", new DataType.Decimal(10, 2), false, "numeric(10,2)", ""),
              new Field("a", DataType.Scalar.TEXT, false, "text", "the column"),
              new Field("ids", new DataType.ListOf(DataType.Scalar.INT64), true, "bigint[]", ""));
    }
  }

  @Test
  void leavesColumnsOutOfTheKeyThatTheIndexOnlyIncludes() throws Exception {
    given("CREATE TABLE t (a int, b int, PRIMARY KEY (a) INCLUDE (b))");
    try (Pipeline pipeline = pipeline()) {
      assertThat(pipeline.relation("public.t").schema().key()).containsExactly("a");
    }
  }

  @Test
  void estimatesRowsBeforeAndAfterAnalyze() throws Exception {
    given(
        "CREATE TABLE t (a int, b text)",
        "INSERT INTO t SELECT i, repeat('x', 30) FROM generate_series(1, 50000) i",
        "CREATE TABLE nothing (a int)",
        "CREATE TABLE p (a int) PARTITION BY RANGE (a)",
        "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (100)",
        "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (100) TO (300)",
        "INSERT INTO p SELECT generate_series(0, 299)");
    try (Pipeline pipeline = pipeline()) {
      assertThat(pipeline.relation("public.t").estimatedRows()).isBetween(25_000L, 100_000L);
      assertThat(pipeline.relation("public.nothing").estimatedRows()).isZero();
      given("ANALYZE");
      assertThat(pipeline.relation("public.t").estimatedRows()).isBetween(49_000L, 51_000L);
      assertThat(pipeline.relation("public.t").estimatedBytes()).isGreaterThan(3_000_000);
      assertThat(pipeline.relation("public.p").estimatedRows()).isEqualTo(300);
    }
  }

  @Test
  void keepsOddNamesAndReadsThem() throws Exception {
    List<String> names =
        List.of(
            "Capital",
            "sp ace",
            "do.t",
            "quo\"te",
            "it's",
            "com,ma",
            "back\\slash",
            "ümläut",
            "日本",
            "percent%s",
            "star*",
            "select",
            "x".repeat(63),
            "capital");
    given("CREATE SCHEMA \"Odd \"\".schema\"");
    for (String name : names) {
      String quoted = '"' + name.replace("\"", "\"\"") + '"';
      given(
          "CREATE TABLE \"Odd \"\".schema\".%s (%s int, \"Id\" int, \"ID\" int)"
              .replaceFirst("%s", java.util.regex.Matcher.quoteReplacement(quoted))
              .replaceFirst("\\(%s", java.util.regex.Matcher.quoteReplacement("(" + quoted)),
          "INSERT INTO \"Odd \"\".schema\"." + quoted + " VALUES (1, 2, 3)");
    }
    try (Pipeline pipeline = pipeline()) {
      Catalog catalog = pipeline.discover();
      assertThat(catalog.relations().stream().map(relation -> relation.name().name()))
          .containsExactlyInAnyOrderElementsOf(names);
      for (Relation relation : catalog.relations()) {
        pipeline.scan(
            Pipeline.stream(relation),
            batch -> {
              assertThat(batch.rows()).isEqualTo(1);
              assertThat(batch.row(0).integer(relation.name().name())).isEqualTo(1);
              assertThat(batch.row(0).integer("Id")).isEqualTo(2);
              assertThat(batch.row(0).integer("ID")).isEqualTo(3);
            });
      }
    }
  }

  @Test
  void readsTablesOfNoColumnsAndOfSixteenHundred() throws Exception {
    given(
        "CREATE TABLE narrow ()",
        "INSERT INTO narrow DEFAULT VALUES",
        "INSERT INTO narrow DEFAULT VALUES",
        IntStream.rangeClosed(1, 1600)
            .mapToObj(i -> "c" + i + " int DEFAULT " + i)
            .collect(Collectors.joining(",", "CREATE TABLE wide (", ")")),
        "INSERT INTO wide DEFAULT VALUES");
    try (Pipeline pipeline = pipeline()) {
      assertThat(pipeline.count("public.narrow")).isEqualTo(2);
      pipeline.scan(
          "public.wide", batch -> assertThat(batch.row(0).integer("c1600")).isEqualTo(1600));
      assertThat(pipeline.count("public.wide")).isEqualTo(1);
    }
  }

  @Test
  void showsOnlyWhatTheUserMayReadAndSaysHowToGrantTheRest() throws Exception {
    String user = database + "_reader";
    given(
        "CREATE ROLE " + user + " LOGIN",
        "CREATE TABLE closed (a int)",
        "CREATE TABLE half (id int PRIMARY KEY, a int, secret text)",
        "INSERT INTO half VALUES (1, 2, 'x')",
        "GRANT SELECT (id, a) ON half TO " + user,
        "CREATE TABLE half_key (id int PRIMARY KEY, a int)",
        "GRANT SELECT (a) ON half_key TO " + user,
        "CREATE SCHEMA hidden",
        "CREATE TABLE hidden.t (a int)");
    try (Pipeline pipeline = Pipeline.at(server.url(database).replace("postgres@", user + "@"))) {
      Catalog catalog = pipeline.discover();
      assertThat(Pipeline.names(catalog)).containsExactly("public.half", "public.half_key");
      assertThat(catalog.relations().getFirst().hidden()).containsExactly("secret");
      assertThat(catalog.relations().getFirst().schema().key()).containsExactly("id");
      assertThat(catalog.relations().getLast().schema().key()).isEmpty();
      assertThat(catalog.findings())
          .extracting(finding -> finding.subject().label(false), Finding::remedy)
          .containsExactlyInAnyOrder(
              org.assertj.core.groups.Tuple.tuple(
                  "public.closed", "GRANT SELECT ON \"public\".\"closed\" TO \"" + user + "\";"),
              org.assertj.core.groups.Tuple.tuple(
                  "hidden", "GRANT USAGE ON SCHEMA \"hidden\" TO \"" + user + "\";"));
      assertThat(pipeline.count("public.half")).isEqualTo(1);
      given("REVOKE ALL ON half FROM " + user);
      assertThat(pipeline.source.check(List.of(Pipeline.stream(catalog.relations().getFirst()))))
          .filteredOn(finding -> finding.severity() == Finding.Severity.ERROR)
          .extracting(Finding::remedy)
          .containsExactly(
              "GRANT SELECT (\"id\", \"a\") ON \"public\".\"half\" TO \"" + user + "\";");
    }
  }

  private static Pipeline everyDatabaseOf(TestServer server) throws Exception {
    return new Pipeline(
        Map.of("host", "127.0.0.1", "port", server.port(), "user", "postgres", "databases", "*"));
  }

  @Test
  void looksIntoEveryDatabaseThatTheUserMayConnectTo() throws Exception {
    String other = SharedServer.database();
    given("CREATE TABLE here (a int)");
    server.executeIn(other, "CREATE TABLE there (a int)");
    try (Pipeline pipeline = everyDatabaseOf(server)) {
      assertThat(pipeline.discover().relations())
          .extracting(relation -> relation.name().qualified())
          .contains(database + ".public.here", other + ".public.there")
          .noneMatch(name -> name.startsWith("template"));
    }
  }

  @Test
  void looksIntoMoreDatabasesThanTheServerTakesConnections() throws Exception {
    try (TestServer small = TestServer.start("max_connections = 12", "max_wal_senders = 0")) {
      for (int i = 0; i < 12; i++) {
        small.execute("CREATE DATABASE many_" + i);
      }
      small.executeIn("many_11", "CREATE TABLE last (a int)");
      try (Pipeline pipeline = everyDatabaseOf(small)) {
        assertThat(pipeline.discover().relations())
            .extracting(relation -> relation.name().qualified())
            .containsExactly("many_11.public.last");
      }
    }
  }

  @Test
  void doesNotWaitForATableThatSomeoneHasLocked() throws Exception {
    given("CREATE TABLE locked (a int)");
    try (Pipeline pipeline = pipeline();
        Connection connection = server.connect(database);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("LOCK TABLE locked");
      Instant start = Instant.now();
      assertThat(Pipeline.names(pipeline.discover())).containsExactly("public.locked");
      assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(10));
      connection.rollback();
    }
  }

  @Test
  void listsThousandsOfTablesInSeconds() throws Exception {
    int tables = Integer.getInteger("tapline.tables", 2_000);
    for (int i = 0; i < tables; i += 500) {
      given(
          "DO $$ BEGIN FOR i IN %d..%d LOOP EXECUTE format('CREATE TABLE t%%s (id int PRIMARY KEY, a text, b numeric(10,2), c timestamptz, d int[], e jsonb)', i); END LOOP; END $$"
              .formatted(i, i + 499));
    }
    try (Pipeline pipeline = pipeline()) {
      Instant start = Instant.now();
      assertThat(pipeline.discover().relations()).hasSize(tables);
      Duration taken = Duration.between(start, Instant.now());
      System.out.println(tables + " tables discovered in " + taken.toMillis() + " ms");
      assertThat(taken).isLessThan(Duration.ofSeconds(10));
    }
  }
}
