package dev.tapline.source.postgres.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.source.postgres.fixtures.Follower;
import dev.tapline.source.postgres.fixtures.Literals;
import dev.tapline.source.postgres.fixtures.LogDatabase;
import dev.tapline.source.postgres.fixtures.Pipeline;
import dev.tapline.source.postgres.incremental.KeyFollower;
import dev.tapline.source.postgres.replication.AbstractLogEncodings;
import dev.tapline.source.postgres.testing.SharedServer;
import dev.tapline.spi.TransientException;
import dev.tapline.spi.catalog.Catalog;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Relation;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.ChangeLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Bytes that are no characters, in a database that lets them in.
class InvalidTextTest {
  private static int number;

  private LogDatabase database;

  @BeforeEach
  void createDatabase() {
    String name = "stray_" + ++number;
    SharedServer.get().execute(AbstractLogEncodings.creating(name, "SQL_ASCII"));
    database = LogDatabase.at(SharedServer.get(), name, Map.of("plugin", "pgoutput"));
  }

  private static List<String> read(Pipeline pipeline, String name) throws Exception {
    List<String> rows = new ArrayList<>();
    pipeline.scan(
        name,
        batch -> {
          for (int row = 0; row < batch.rows(); row++) {
            rows.add(Literals.of(batch.column(0), row));
          }
        });
    return rows;
  }

  @Test
  void commentsLabelsAndForeignNamesStopNothing() throws Exception {
    database.execute(
        "CREATE TYPE mood AS ENUM ('sad', E'tr\\xe9s')",
        "CREATE TYPE \"other\" AS ENUM (E'\\xe9')",
        "CREATE TABLE t (id int PRIMARY KEY, m mood, note text)",
        "COMMENT ON TABLE t IS E'caf\\xe9'",
        "COMMENT ON COLUMN t.note IS E'\\xe9t\\xe9 süß'",
        "INSERT INTO t VALUES (1, 'sad', 'ä')",
        "DO $$BEGIN EXECUTE E'CREATE TABLE \"caf\\xe9\" (id int)'; END$$",
        "DO $$BEGIN EXECUTE E'CREATE TABLE odd (id int PRIMARY KEY, \"caf\\xe9\" int)'; END$$",
        "DO $$BEGIN EXECUTE E'CREATE TYPE \"typ\\xe9\" AS (a int)'; END$$",
        "CREATE TABLE root (id int) PARTITION BY RANGE (id)",
        "DO $$BEGIN EXECUTE E'CREATE TABLE \"part\\xe9\" PARTITION OF root FOR VALUES FROM (0) TO (9)'; END$$");
    try (Pipeline pipeline = new Pipeline(database.settings())) {
      Catalog catalog = pipeline.discover();
      assertThat(Pipeline.names(catalog)).containsExactlyInAnyOrder("public.t", "public.odd");
      assertThat(catalog.findings())
          .extracting(Finding::toString)
          .hasSize(4)
          .anyMatch(text -> text.contains("caf\ufffd") && text.contains("RENAME TO"))
          .anyMatch(text -> text.contains("public.odd") && text.contains("column 'caf\ufffd'"))
          .anyMatch(text -> text.contains("public.root") && text.contains("part\ufffd"));
      Relation table = pipeline.relation("public.t");
      assertThat(table.comment()).isEqualTo("caf\ufffd");
      assertThat(table.schema().fields().get(2).comment()).isEqualTo("\ufffdt\ufffd süß");
      assertThat(read(pipeline, "public.t")).containsExactly("1");
      for (String method : List.of("FULL_TABLE", "LOG_BASED")) {
        assertThat(pipeline.source.check(List.of(stream(table, method))))
            .as(method)
            .noneMatch(finding -> finding.toString().contains("invalid byte"));
      }
    }
    try (KeyFollower keys = new KeyFollower(database.url(), "public.t", "", "id")) {
      keys.copy();
      assertThat(keys.next()).isEmpty();
    }
    try (Follower follower = database.follower("public.t", "public.odd")) {
      follower.run();
      database.execute("INSERT INTO t VALUES (2, 'sad', 'ö')", "INSERT INTO odd VALUES (1, 1)");
      AbstractLogEncodings.run(follower, 2);
      assertThat(follower.failures).isEmpty();
      assertThat(follower.changes).containsExactly("INSERT t id=2 m=sad note=ö", "INSERT odd id=1");
    }
  }

  @Test
  void aPartitionOfSuchANameStopsNoOtherStream() throws Exception {
    database.execute(
        "CREATE TABLE t (id int PRIMARY KEY) PARTITION BY RANGE (id)",
        "CREATE TABLE other (id int PRIMARY KEY) PARTITION BY RANGE (id)");
    try (Follower follower = database.follower("public.t", "public.other")) {
      follower.run();
      List<Stream> streams = follower.streams();
      database.execute(
          "DO $$BEGIN EXECUTE E'CREATE TABLE \"part\\xe9\" PARTITION OF t FOR VALUES FROM (0) TO (9)'; END$$",
          "INSERT INTO t VALUES (7)",
          "CREATE TABLE other_1 PARTITION OF other FOR VALUES FROM (0) TO (9)",
          "INSERT INTO other VALUES (1)",
          "INSERT INTO other VALUES (2)");
      try (BatchReader reader = follower.follow(streams, ChangeLog.Extent.CONTINUOUS)) {
        assertThatThrownBy(() -> follower.await(reader, 3)).isInstanceOf(TransientException.class);
      }
      follower.forget();
      try (BatchReader reader = follower.follow(streams, ChangeLog.Extent.CONTINUOUS)) {
        follower.await(reader, 3);
      }
      assertThat(follower.changes)
          .containsExactly("INSERT t id=7", "INSERT other id=1", "INSERT other id=2");
    }
  }

  private static Stream stream(Relation relation, String method) {
    return new Stream(
        relation.name(),
        relation.kind(),
        relation.schema(),
        relation.name().toString(),
        method,
        List.of(),
        relation.estimatedRows(),
        relation.estimatedBytes());
  }

  @Test
  void aScanNamesTheRowAndTheColumn() throws Exception {
    database.execute(
        "CREATE TABLE keyed (id int PRIMARY KEY, a text, b text[])",
        "INSERT INTO keyed SELECT i, 'süß', '{x}' FROM generate_series(1, 5000) i",
        "UPDATE keyed SET b = ARRAY[E'caf\\xe9 x'] WHERE id = 4321",
        "CREATE TABLE bare (a text, b int)",
        "INSERT INTO bare VALUES ('x', 1), (E'\\xe9', 2)",
        "CREATE VIEW seen AS SELECT a FROM bare");
    try (Pipeline pipeline = new Pipeline(database.settings())) {
      assertThatThrownBy(() -> read(pipeline, "public.keyed"))
          .hasMessageContaining("column 'b'")
          .hasMessageContaining("\"id\" = '4321'")
          .hasMessageContaining("0xe9");
      assertThatThrownBy(() -> read(pipeline, "public.bare"))
          .hasMessageContaining("column 'a'")
          .hasMessageContaining("ctid = '(0,2)'")
          .hasMessageContaining("UPDATE");
      assertThatThrownBy(() -> read(pipeline, "public.seen"))
          .hasMessageContaining("column 'a'")
          .hasMessageContaining("0xe9");
      database.execute(
          "UPDATE keyed SET b = '{y}' WHERE id = 4321",
          "UPDATE bare SET a = convert_from(convert(convert_to(a, 'SQL_ASCII'), 'LATIN1', 'UTF8'), 'SQL_ASCII') WHERE ctid = '(0,2)'");
      assertThat(read(pipeline, "public.keyed")).hasSize(5000);
      assertThat(read(pipeline, "public.bare")).containsExactly("x", "é");
    }
  }

  @Test
  void aScanByKeyNamesTheRowAndTheColumn() throws Exception {
    database.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text)", "INSERT INTO t VALUES (1, 'x')");
    try (KeyFollower keys = new KeyFollower(database.url(), "public.t", "", "id")) {
      keys.copy();
      database.execute("INSERT INTO t VALUES (2, E'\\xe9')");
      assertThatThrownBy(keys::next)
          .hasMessageContaining("column 'a'")
          .hasMessageContaining("\"id\" = '2'")
          .hasMessageContaining("0xe9");
    }
  }
}
