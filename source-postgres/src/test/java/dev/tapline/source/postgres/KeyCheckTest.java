package dev.tapline.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.testing.SharedServer;
import dev.tapline.source.postgres.testing.TestServer;
import dev.tapline.spi.Finding;
import dev.tapline.spi.catalog.Relation;
import dev.tapline.spi.catalog.Stream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
          .extracting(Finding::subject)
          .containsExactlyInAnyOrder(database + ".public.t", other + ".public.t");
    }
  }
}
