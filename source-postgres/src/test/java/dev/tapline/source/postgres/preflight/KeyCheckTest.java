package dev.tapline.source.postgres.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.fixtures.Pipeline;
import dev.tapline.source.postgres.incremental.KeyFollower;
import dev.tapline.source.postgres.testing.SharedServer;
import dev.tapline.source.postgres.testing.TestServer;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Relation;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the check says of replication keys.
class KeyCheckTest {
  private final TestServer server = SharedServer.get();
  private String database = "";

  @BeforeEach
  void createDatabase() {
    database = SharedServer.database();
  }

  private void given(String... statements) {
    server.executeIn(database, statements);
  }

  private static List<Finding> warnings(Pipeline pipeline, Stream stream) {
    return pipeline.source.check(List.of(stream)).stream()
        .filter(finding -> finding.severity() == Finding.Severity.WARNING)
        .filter(finding -> !finding.subject().label(false).equals("lookback"))
        .toList();
  }

  @Test
  void checksThatAnIndexServesTheKey() throws Exception {
    given(
        "CREATE TABLE t (name text, \"order\" int NOT NULL, at timestamptz, PRIMARY KEY (\"order\"))");
    try (Pipeline pipeline = Pipeline.at(server.url(database))) {
      Relation relation = pipeline.relation("public.t");

      assertThat(warnings(pipeline, KeyFollower.stream(relation, "", "order"))).isEmpty();
      assertThat(warnings(pipeline, KeyFollower.stream(relation, "", "at")))
          .extracting(Finding::remedy)
          .containsExactly(
              "CREATE INDEX CONCURRENTLY ON \"public\".\"t\" (\"at\");",
              "ALTER TABLE \"public\".\"t\" ALTER COLUMN \"at\" SET NOT NULL;");
    }
  }

  @Test
  void anIndexOfAPartitionedTableIsNotMadeConcurrently() throws Exception {
    given(
        "CREATE TABLE t (name text, at timestamptz NOT NULL) PARTITION BY RANGE (at)",
        "CREATE TABLE t1 PARTITION OF t DEFAULT");
    try (Pipeline pipeline = Pipeline.at(server.url(database))) {
      List<Finding> warnings =
          warnings(pipeline, KeyFollower.stream(pipeline.relation("public.t"), "", "at"));

      assertThat(warnings)
          .extracting(Finding::remedy)
          .containsExactly("CREATE INDEX ON \"public\".\"t\" (\"at\");");
      given(warnings.getFirst().remedy());
    }
  }

  @Test
  void aCheckOfSeveralDatabasesNamesThem() throws Exception {
    String other = SharedServer.database();
    given("CREATE TABLE t (id int NOT NULL)");
    server.executeIn(other, "CREATE TABLE t (id int NOT NULL)");
    try (Pipeline pipeline =
        new Pipeline(
            Map.of(
                "host",
                "127.0.0.1",
                "port",
                server.port(),
                "user",
                "postgres",
                "databases",
                List.of(database, other)))) {
      List<Stream> streams =
          pipeline.discover().relations().stream()
              .map(relation -> KeyFollower.stream(relation, "", "id"))
              .toList();

      assertThat(pipeline.source.check(streams))
          .filteredOn(finding -> finding.severity() == Finding.Severity.WARNING)
          .filteredOn(finding -> !finding.subject().label(false).equals("lookback"))
          .extracting(finding -> finding.subject().label(true))
          .containsExactlyInAnyOrder(database + ".public.t", other + ".public.t");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "uuid DEFAULT gen_random_uuid() | gen_random_uuid() | true",
        "uuid | gen_random_uuid() | true",
        "uuid | NULL | true",
        "uuid DEFAULT gen_random_uuid() | NULL | true",
        "uuid DEFAULT uuidv7() | NULL | false",
        "uuid DEFAULT uuidv7() | uuidv7() | false",
        "uuid | uuidv7() | false",
        "text | 'a' | true",
        "bytea | 'a' | true",
        "inet | '10.0.0.1' | true",
        "boolean | true | true",
        "public.mood | 'sad' | true",
        "time | '10:00' | true",
        "int[] | '{1}' | true",
        "int | 1 | false",
        "numeric | 1 | false",
        "date | '2026-01-01' | false",
        "pg_lsn | '0/1' | false"
      })
  void warnsOfKeysThatDoNotGrow(String type, String value, boolean doubtful) throws Exception {
    given(
        "CREATE TYPE public.mood AS ENUM ('sad', 'happy')",
        "CREATE TABLE t (name text, k %s)".formatted(type),
        "CREATE INDEX ON t (k)",
        "INSERT INTO t SELECT 'a', %s WHERE %s IS NOT NULL".formatted(value, value));
    try (Pipeline pipeline = Pipeline.at(server.url(database))) {
      Stream stream = KeyFollower.stream(pipeline.relation("public.t"), "", "k");

      assertThat(warnings(pipeline, stream))
          .filteredOn(finding -> finding.message().contains("whose values do not grow"))
          .hasSize(doubtful ? 1 : 0);
      assertThat(pipeline.source.blindSpots(List.of(stream)))
          .filteredOn(told -> told.contains("whose values do not grow"))
          .hasSize(doubtful ? 1 : 0);
    }
  }

  @Test
  void offersTimesAndNumbersThatCountAndNoAmounts() throws Exception {
    given(
        "CREATE TYPE public.mood AS ENUM ('sad', 'happy')",
        "CREATE TABLE parent (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, born date)",
        """
        CREATE TABLE t (
          id int PRIMARY KEY, made serial, given bigint GENERATED BY DEFAULT AS IDENTITY,
          version bigint, big numeric(20,0) UNIQUE, parent_id bigint REFERENCES parent,
          quantity int, small smallint, price numeric(10,2), free numeric, ratio float8,
          at timestamptz, local timestamp, day date, wal pg_lsn,
          name text UNIQUE, code uuid UNIQUE, raw bytea, host inet, yes bool, mood mood, hour time,
          list int[], doc jsonb)
        """,
        "CREATE INDEX ON t (version)",
        "CREATE INDEX ON t (parent_id)",
        "CREATE INDEX ON t (quantity) WHERE quantity > 7",
        "CREATE INDEX ON t USING hash (small)",
        "CREATE VIEW v AS SELECT id, quantity, price, at, name FROM t",
        "CREATE TABLE p (id int, n int, at timestamptz, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)");
    try (Pipeline pipeline = Pipeline.at(server.url(database))) {
      Map<StreamName, List<String>> offered =
          pipeline.source.keyCandidates(pipeline.discover().relations());

      assertThat(offered.get(new StreamName(database, "public", "t")))
          .containsExactly("id", "made", "given", "version", "big", "at", "local", "day", "wal");
      assertThat(offered.get(new StreamName(database, "public", "parent")))
          .containsExactly("id", "born");
      assertThat(offered.get(new StreamName(database, "public", "p"))).containsExactly("id", "at");
      assertThat(offered.get(new StreamName(database, "public", "v")))
          .as("the catalog tells nothing of a view's numbers")
          .containsExactly("id", "quantity", "at");
    }
  }

  @Test
  void warnsOfSequencesWhoseValuesComeOutOfOrder() throws Exception {
    given(
        "CREATE TABLE plain (id bigserial PRIMARY KEY)",
        "CREATE TABLE cached (id bigserial PRIMARY KEY)",
        "ALTER SEQUENCE cached_id_seq CACHE 50",
        "CREATE TABLE cycling (id int GENERATED ALWAYS AS IDENTITY (CYCLE) PRIMARY KEY)",
        "CREATE SEQUENCE \"Down\" INCREMENT -1",
        "CREATE TABLE down (id int DEFAULT nextval('\"Down\"') PRIMARY KEY)");
    try (Pipeline pipeline = Pipeline.at(server.url(database))) {
      assertThat(told(pipeline, "public.plain", "")).isEmpty();
      assertThat(told(pipeline, "public.cached", ""))
          .singleElement()
          .asString()
          .contains("50 values at once", "ALTER SEQUENCE public.cached_id_seq CACHE 1;");
      assertThat(told(pipeline, "public.cached", "500")).isEmpty();
      assertThat(told(pipeline, "public.cycling", "")).singleElement().asString().contains("anew");
      assertThat(told(pipeline, "public.down", ""))
          .singleElement()
          .asString()
          .contains("public.\"Down\"", "downwards");
    }
  }

  private static List<String> told(Pipeline pipeline, String table, String lookback)
      throws Exception {
    Stream stream = KeyFollower.stream(pipeline.relation(table), lookback, "id");
    List<String> run =
        pipeline.source.blindSpots(List.of(stream)).stream()
            .filter(told -> told.startsWith("stream "))
            .map(told -> told.substring(("stream " + table + ": ").length()))
            .toList();
    assertThat(warnings(pipeline, stream)).extracting(Finding::message).isEqualTo(run);
    return run;
  }

  @Test
  void saysWhatHappensWithoutALookback() throws Exception {
    given("CREATE TABLE t (id int PRIMARY KEY, at timestamptz NOT NULL)", "CREATE INDEX ON t (at)");
    try (Pipeline pipeline = Pipeline.at(server.url(database))) {
      Relation relation = pipeline.relation("public.t");
      Stream without = KeyFollower.stream(relation, "", "at");
      Stream with = KeyFollower.stream(relation, "10m", "at");

      Finding finding =
          pipeline.source.check(List.of(without)).stream()
              .filter(found -> found.severity() == Finding.Severity.WARNING)
              .findFirst()
              .orElseThrow();
      assertThat(finding.message()).contains("public.t is read by key without a lookback");
      String statement = finding.remedy().replaceFirst(".*: ", "");
      assertThat(server.valueIn(database, statement)).isNotNull();
      assertThat(pipeline.source.blindSpots(List.of(without)))
          .singleElement()
          .asString()
          .contains("public.t is read by key without a lookback", statement);
      assertThat(warnings(pipeline, with)).isEmpty();
      assertThat(pipeline.source.blindSpots(List.of(with))).isEmpty();
    }
  }

  @Test
  void refusesATypeOfAnExtensionThatHasNoOrder() throws Exception {
    given(
        "CREATE EXTENSION cube",
        "CREATE EXTENSION pg_trgm",
        "CREATE EXTENSION intarray",
        "CREATE TABLE t (name text, q query_int, c cube)");
    try (Pipeline pipeline = Pipeline.at(server.url(database))) {
      Relation relation = pipeline.relation("public.t");
      assertThat(pipeline.source.check(List.of(KeyFollower.stream(relation, "", "q"))))
          .filteredOn(finding -> finding.severity() == Finding.Severity.ERROR)
          .singleElement()
          .extracting(Finding::message)
          .asString()
          .contains("'q' is of type public.query_int, which has no order to go by");
      assertThat(pipeline.source.check(List.of(KeyFollower.stream(relation, "", "c"))))
          .noneMatch(finding -> finding.severity() == Finding.Severity.ERROR);
    }
  }
}
