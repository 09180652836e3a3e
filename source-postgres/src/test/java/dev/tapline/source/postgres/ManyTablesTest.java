package dev.tapline.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.source.postgres.fixtures.Pipeline;
import dev.tapline.source.postgres.testing.TestServer;
import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.Catalog;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.source.ChangeLog;
import dev.tapline.spi.source.Snapshot;
import dev.tapline.spi.source.Split;
import dev.tapline.spi.source.StreamPosition;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// A database of ten thousand tables, on a server with the usual room for locks: neither a query a
/// table nor a lock on every table at once will do.
class ManyTablesTest {
  private static final int TABLES = 10_000;
  private static final Duration TO_DISCOVER = Duration.ofSeconds(10);
  private static final Duration TO_PLAN = Duration.ofSeconds(5);
  private static final int QUESTIONS = 5_000;
  private static final Duration FOR_QUESTIONS = Duration.ofSeconds(1);

  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start("wal_level = logical");
    server.execute(
        """
        DO $$ BEGIN
          FOR i IN 1..%d LOOP
            EXECUTE format('CREATE TABLE t%%s (id int PRIMARY KEY, at timestamptz NOT NULL, note varchar(20))', i);
            EXECUTE format('INSERT INTO t%%s VALUES (1, now(), ''one''), (2, now(), ''two'')', i);
            IF i %% 200 = 0 THEN COMMIT; END IF;
          END LOOP;
        END $$
        """
            .formatted(TABLES));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static List<Stream> streams(Catalog catalog, String method, String... key) {
    return catalog.relations().stream()
        .map(relation ->
            new Stream(
                relation.name(),
                relation.kind(),
                relation.schema(),
                relation.name().toString(),
                method,
                List.of(key),
                relation.estimatedRows(),
                relation.estimatedBytes()))
        .toList();
  }

  private static List<StreamPosition> at(List<Stream> streams, Position position) {
    return streams.stream().map(stream -> new StreamPosition(stream, position)).toList();
  }

  private interface Work {
    void run() throws Exception;
  }

  private static final int PATIENCE = 4;

  // The limits are those of a machine that has nothing else to do; on one that has, the questions
  // before are not always slowed as the work itself is. What asks table by table takes longer
  // still.
  private static void within(Duration limit, String what, Work work) throws Exception {
    double slowness = Math.max(1, (double) timeOfQuestions().toMillis() / FOR_QUESTIONS.toMillis());
    long start = System.nanoTime();
    work.run();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    LoggerFactory.getLogger(ManyTablesTest.class).info("{} takes {}", what, took);
    assertThat(took)
        .as("%s, by a machine that is %.1f times as slow as it should be", what, slowness)
        .isLessThan(Duration.ofMillis((long) (limit.toMillis() * slowness * PATIENCE)));
  }

  private static Duration timeOfQuestions() throws Exception {
    long start = System.nanoTime();
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      for (int i = 0; i < QUESTIONS; i++) {
        statement.execute("SELECT count(*) FROM pg_catalog.pg_class WHERE oid = " + i);
      }
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    LoggerFactory.getLogger(ManyTablesTest.class).info("{} questions take {}", QUESTIONS, took);
    return took;
  }

  @Test
  void areDiscoveredInTime() throws Exception {
    try (Pipeline pipeline = Pipeline.at(server.url())) {
      within(
          TO_DISCOVER,
          "discovery",
          () -> assertThat(pipeline.discover().relations()).hasSize(TABLES));
    }
  }

  @Test
  void arePlannedInTimeAsWholeTables() throws Exception {
    try (Pipeline pipeline = Pipeline.at(server.url())) {
      List<Stream> streams = streams(pipeline.discover(), "FULL_TABLE");
      List<Split> splits = new ArrayList<>();
      within(
          TO_PLAN,
          "planning FULL_TABLE",
          () -> {
            try (Snapshot snapshot = pipeline.source.openSnapshot(streams)) {
              for (Stream stream : streams) {
                splits.addAll(pipeline.source.split(stream, snapshot, 4));
              }
            }
          });
      assertThat(splits).hasSize(TABLES);
    }
  }

  @Test
  void arePlannedInTimeByKey() throws Exception {
    try (Pipeline pipeline = Pipeline.at(server.url())) {
      List<Stream> streams = streams(pipeline.discover(), "INCREMENTAL", "at");
      List<StreamPosition> left = new ArrayList<>();
      within(
          TO_PLAN,
          "the first plan of INCREMENTAL",
          () -> {
            try (Snapshot snapshot = pipeline.source.openSnapshot(streams)) {
              for (Stream stream : streams) {
                assertThat(pipeline.source.split(stream, snapshot, 4)).hasSize(1);
                left.add(new StreamPosition(stream, pipeline.source.keyUnder(snapshot, stream)));
              }
            }
          });
      within(
          TO_PLAN,
          "the second plan of INCREMENTAL",
          () -> assertThat(pipeline.source.after(left).splits()).hasSize(TABLES));
      long[] rows = {0};
      pipeline.read(
          pipeline.source.after(left.subList(0, 1)).splits().getFirst(), batch -> rows[0]++);
      assertThat(rows[0]).as("rows that stand at the position").isZero();
    }
  }

  @Test
  void arePlannedInTimeFromTheLog() throws Exception {
    try (Pipeline pipeline = new Pipeline(Map.of("url", server.url(), "plugin", "pgoutput"))) {
      List<Stream> streams = streams(pipeline.discover(), "LOG_BASED");
      List<StreamPosition> left = new ArrayList<>();
      within(
          TO_PLAN,
          "the first plan of LOG_BASED",
          () -> {
            pipeline.source.retain(at(streams, Position.START), List.of());
            try (Snapshot snapshot = pipeline.source.openSnapshot(streams)) {
              for (Stream stream : streams) {
                assertThat(pipeline.source.split(stream, snapshot, 4)).hasSize(1);
                left.add(
                    new StreamPosition(stream, pipeline.source.positionUnder(snapshot, stream)));
              }
            }
          });
      within(
          TO_PLAN,
          "the second plan of LOG_BASED",
          () -> {
            pipeline.source.retain(left, List.of());
            assertThat(pipeline.source.follow(left, List.of(), ChangeLog.Extent.UNTIL_NOW))
                .hasSize(1);
          });
    }
  }

  @Test
  void theOneThatCannotBeReadIsNamedAndTheOthersAreNotTouchedByIt() throws Exception {
    server.execute(
        "CREATE ROLE reader LOGIN", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader");
    try (Pipeline pipeline = Pipeline.at(server.url().replace("postgres@", "reader@"))) {
      List<Stream> streams =
          streams(pipeline.discover(), "INCREMENTAL", "at").subList(0, TABLES / 5);
      Stream closed = streams.get(700);
      server.execute("REVOKE SELECT ON %s FROM reader".formatted(closed.name()));
      try (Snapshot snapshot = pipeline.source.openSnapshot(streams)) {
        for (Stream stream : streams) {
          if (!stream.equals(closed)) {
            assertThat(pipeline.source.keyUnder(snapshot, stream).toString()).contains("key.at=");
          }
        }
        assertThatThrownBy(() -> pipeline.source.keyUnder(snapshot, closed))
            .hasMessageContaining(closed.name().toString());
        assertThat(snapshot.isOpen()).isTrue();
      }
    }
  }

  @Test
  void areCheckedInTime() throws Exception {
    try (Pipeline pipeline = new Pipeline(Map.of("url", server.url(), "plugin", "pgoutput"))) {
      Catalog catalog = pipeline.discover();
      for (String method : List.of("FULL_TABLE", "INCREMENTAL", "LOG_BASED")) {
        List<Stream> streams = streams(catalog, method, "at");
        within(TO_DISCOVER, "check of " + method, () -> pipeline.source.check(streams));
      }
    }
  }
}
