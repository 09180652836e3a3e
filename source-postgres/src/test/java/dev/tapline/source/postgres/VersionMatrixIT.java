package dev.tapline.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.fixtures.Pipeline;
import dev.tapline.source.postgres.fixtures.ValuesContract;
import dev.tapline.source.postgres.incremental.KeyFollower;
import dev.tapline.source.postgres.testing.TestServer;
import dev.tapline.spi.Position;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Relation;
import dev.tapline.spi.catalog.RelationKind;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.source.Snapshot;
import dev.tapline.spi.source.Split;
import dev.tapline.spi.source.StreamPosition;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VersionMatrixIT {
  private static final int WITH_PARTITIONS = 100_000;

  @ParameterizedTest
  @ValueSource(strings = {"9.3", "9.5", "9.6", "10", "12", "14.24", "16", TestServer.CURRENT})
  void discoversAndScansOnEveryVersion(String version) throws Exception {
    try (TestServer server = TestServer.startVersion(version)) {
      new ValuesContract(server).holds("postgres");
      server.execute(
          "CREATE TABLE big (id int PRIMARY KEY, filler text)",
          "INSERT INTO big SELECT i, repeat('x', 100) FROM generate_series(1, 100000) i",
          "CREATE TABLE parent (a int)",
          "CREATE TABLE child (b int) INHERITS (parent)",
          "INSERT INTO parent VALUES (1)",
          "INSERT INTO child VALUES (2, 3)",
          "CREATE VIEW a_view AS SELECT id FROM big WHERE id <= 10",
          "CREATE MATERIALIZED VIEW a_matview AS SELECT id FROM big WHERE id <= 20");
      boolean partitions =
          Integer.parseInt(server.value("SHOW server_version_num")) >= WITH_PARTITIONS;
      if (partitions) {
        server.execute(
            "CREATE TABLE parts (a int, b text) PARTITION BY LIST (a)",
            "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1)",
            "CREATE TABLE parts_2 (b text, dropped int, a int)",
            "ALTER TABLE parts_2 DROP COLUMN dropped",
            "ALTER TABLE parts ATTACH PARTITION parts_2 FOR VALUES IN (2)",
            "INSERT INTO parts VALUES (1, 'one')",
            "INSERT INTO parts VALUES (2, 'two')");
      }
      try (Pipeline pipeline = Pipeline.at(server.url(), "split-size", "1MB")) {
        assertThat(pipeline.count("public.big")).isEqualTo(100_000);
        assertThat(pipeline.count("public.parent")).isEqualTo(2);
        assertThat(pipeline.count("public.child")).isEqualTo(1);
        assertThat(pipeline.count("public.a_view")).isEqualTo(10);
        assertThat(pipeline.count("public.a_matview")).isEqualTo(20);
        assertThat(pipeline.relation("public.big").schema().key()).containsExactly("id");
        if (partitions) {
          assertThat(pipeline.relation("public.parts").kind())
              .isEqualTo(RelationKind.PARTITIONED_TABLE);
          assertThat(Pipeline.names(pipeline.discover())).doesNotContain("public.parts_1");
          assertThat(pipeline.count("public.parts")).isEqualTo(2);
        }
        assertThat(pipeline.source.check(List.of(pipeline.stream("public.big"))))
            .isNotEmpty()
            .allMatch(finding -> finding.severity() == Finding.Severity.OK);
        readsOnByKey(server, pipeline);
        doubtsPositions(server);
      }
    }
  }

  private static void readsOnByKey(TestServer server, Pipeline pipeline) throws Exception {
    server.execute(
        "CREATE TABLE keyed (id int PRIMARY KEY, at timestamptz NOT NULL, price numeric NOT NULL)",
        "INSERT INTO keyed SELECT i, timestamptz '2026-01-01' + (i / 2) * interval '1 s', i FROM generate_series(1, 1001) i",
        "INSERT INTO keyed VALUES (0, 'infinity', 'NaN')");
    Relation keyed = pipeline.relation("public.keyed");
    Stream stream =
        new Stream(
            keyed.name(),
            keyed.kind(),
            keyed.schema(),
            "keyed",
            "INCREMENTAL",
            List.of("at", "price"),
            keyed.estimatedRows(),
            keyed.estimatedBytes());
    assertThat(pipeline.source.problemOfKey(stream)).isEmpty();
    assertThat(pipeline.source.keyCandidates(List.of(keyed)).get(keyed.name()))
        .containsExactly("id", "at");
    assertThat(pipeline.source.check(List.of(stream)))
        .filteredOn(finding -> finding.severity() != Finding.Severity.OK)
        .filteredOn(finding -> !finding.subject().label(false).equals("lookback"))
        .singleElement()
        .extracting(Finding::remedy)
        .asString()
        .contains("CREATE INDEX CONCURRENTLY ON \"public\".\"keyed\" (\"at\", \"price\");");
    Position position;
    try (Snapshot snapshot = pipeline.source.openSnapshot(List.of(stream))) {
      position = pipeline.source.keyUnder(snapshot, stream);
    }
    assertThat(position.toString()).contains("2026-01-01 00:08:20+00");
    server.execute(
        "CREATE INDEX ON keyed (at, price)",
        "INSERT INTO keyed VALUES (2000, timestamptz '2026-01-01 00:08:20', 1001), (2001, timestamptz '2026-01-02', 1)");
    List<Long> ids = new ArrayList<>();
    for (Split split :
        pipeline.source.after(List.of(new StreamPosition(stream, position))).splits()) {
      pipeline.read(
          split,
          batch -> {
            LongColumn column = (LongColumn) batch.column(0);
            for (int row = 0; row < batch.rows(); row++) {
              ids.add(column.get(row));
            }
          });
    }
    assertThat(ids).containsExactly(2000L, 2001L);
    assertThat(pipeline.source.check(List.of(stream)))
        .allMatch(finding ->
            finding.severity() == Finding.Severity.OK
                || finding.subject().label(false).equals("lookback"));
  }

  private static void doubtsPositions(TestServer server) throws Exception {
    server.execute(
        "CREATE TABLE many (name text, g int NOT NULL)",
        "INSERT INTO many SELECT 'r' || i, 1 FROM generate_series(1, 30000) i",
        "CREATE TABLE ahead (name text, at timestamptz NOT NULL)",
        "INSERT INTO ahead VALUES ('a', '2026-01-01'), ('far', '2999-01-01')",
        "CREATE TABLE again (id serial PRIMARY KEY, name text)",
        "INSERT INTO again (name) SELECT 'r' || i FROM generate_series(1, 100) i",
        "CREATE TABLE words (name text, k citext, path int)",
        "INSERT INTO words VALUES ('a', 'c', 1)");
    try (KeyFollower many = new KeyFollower(server.url(), "public.many", "", "g");
        KeyFollower ahead = new KeyFollower(server.url(), "public.ahead", "1h", "at");
        KeyFollower again = new KeyFollower(server.url(), "public.again", "5", "id");
        KeyFollower words = new KeyFollower(server.url(), "public.words", "", "k", "path")) {
      for (KeyFollower follower : List.of(many, ahead, again, words)) {
        follower.copy();
        assertThat(follower.next()).as(follower.stream.name().toString()).isEmpty();
      }
      server.execute(
          "INSERT INTO many VALUES ('late', 1)",
          "INSERT INTO ahead VALUES ('b', '2026-01-02')",
          "TRUNCATE again RESTART IDENTITY",
          "INSERT INTO again (name) VALUES ('n')",
          "INSERT INTO words VALUES ('b', 'D', 0), ('old', 'C', 0)");
      assertThat(many.next()).containsExactly("late");
      assertThat(many.next()).isEmpty();
      assertThat(ahead.warnings()).anyMatch(told -> told.contains("2999-01-01"));
      assertThat(ahead.next()).containsExactly("b");
      assertThat(ahead.next()).isEmpty();
      assertThat(again.outdated(again.stream))
          .singleElement()
          .asString()
          .contains("truncated or rewritten");
      assertThat(words.next()).containsExactly("b");
      assertThat(words.next()).isEmpty();
    }
  }
}
