package dev.tapline.source.postgres.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.source.postgres.fixtures.Pipeline;
import dev.tapline.source.postgres.testing.SharedServer;
import dev.tapline.source.postgres.testing.TestServer;
import dev.tapline.spi.TransientException;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.Snapshot;
import dev.tapline.spi.source.Split;
import dev.tapline.spi.source.StaleSplitException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScanTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final TestServer server = SharedServer.get();
  private String database = "";

  @BeforeEach
  void createDatabase() {
    database = SharedServer.database();
  }

  private Pipeline pipeline() {
    return Pipeline.at(server.url(database), "split-size", "1MB");
  }

  private void given(String... statements) {
    server.executeIn(database, statements);
  }

  private void givenBigTable() {
    given(
        "CREATE TABLE big (id int PRIMARY KEY, filler text)",
        "INSERT INTO big SELECT i, repeat('x', 200) FROM generate_series(1, 100000) i");
  }

  @Test
  void rangesBringEachRowOnceAsOfOneMomentWhileOthersWrite() throws Exception {
    int accounts = 100_000;
    given(
        "CREATE TABLE account (id int PRIMARY KEY, balance bigint, filler text)",
        "INSERT INTO account SELECT i, 1000, repeat('x', 50) FROM generate_series(0, %d) i"
            .formatted(accounts - 1));
    AtomicBoolean stop = new AtomicBoolean();
    try (ExecutorService executor = Executors.newFixedThreadPool(6);
        Pipeline pipeline = pipeline()) {
      List<Future<Long>> writers =
          List.of(
              executor.submit(() -> transfer(stop, accounts, 1)),
              executor.submit(() -> transfer(stop, accounts, 2)));
      try {
        Stream stream = pipeline.stream("public.account");
        for (int round = 0; round < 3; round++) {
          BitSet seen = new BitSet();
          long sum = 0;
          try (Snapshot snapshot = pipeline.source.openSnapshot(List.of(stream))) {
            List<Split> splits = pipeline.source.split(stream, snapshot, 4);
            assertThat(splits.size()).isGreaterThan(4);
            List<Future<long[]>> parts = new ArrayList<>();
            for (Split split : splits) {
              parts.add(executor.submit(part(pipeline, split)));
            }
            for (Future<long[]> part : parts) {
              for (long packed : part.get(60, TimeUnit.SECONDS)) {
                int id = (int) (packed >>> 32);
                assertThat(seen.get(id)).as("account %d twice", id).isFalse();
                seen.set(id);
                sum += (int) packed;
              }
            }
          }
          assertThat(seen.cardinality()).isEqualTo(accounts);
          assertThat(sum).isEqualTo(1000L * accounts);
        }
      } finally {
        stop.set(true);
      }
      for (Future<Long> writer : writers) {
        assertThat(writer.get(20, TimeUnit.SECONDS)).isPositive();
      }
    }
  }

  private static Callable<long[]> part(Pipeline pipeline, Split split) {
    return () -> {
      List<Long> packed = new ArrayList<>();
      pipeline.read(
          split,
          batch -> {
            for (int row = 0; row < batch.rows(); row++) {
              packed.add(batch.row(row).integer("id") << 32 | batch.row(row).integer("balance"));
            }
          });
      return packed.stream().mapToLong(Long::longValue).toArray();
    };
  }

  private long transfer(AtomicBoolean stop, int accounts, int seed) throws SQLException {
    Random random = new Random(seed);
    long done = 0;
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement()) {
      while (!stop.get()) {
        int from = random.nextInt(accounts / 2) * 2 + seed - 1;
        int to = random.nextInt(accounts / 2) * 2 + seed - 1;
        statement.execute(
            "BEGIN; UPDATE account SET balance = balance - 7 WHERE id = %d; UPDATE account SET balance = balance + 7 WHERE id = %d; COMMIT"
                .formatted(from, to));
        done++;
      }
    }
    return done;
  }

  @Test
  void readsArePlainDataForAnotherProcess() throws Exception {
    givenBigTable();
    try (Pipeline planner = pipeline();
        Pipeline worker = pipeline()) {
      Stream stream = planner.stream("public.big");
      try (Snapshot snapshot = planner.source.openSnapshot(List.of(stream))) {
        List<Split> splits = planner.source.split(stream, snapshot, 2);
        assertThat(splits).extracting(Split::id).doesNotHaveDuplicates();
        assertThat(splits).allMatch(split -> split.id().matches("[A-Za-z0-9._-]+"));
        assertThat(splits).allMatch(split -> split.mode() == WriteMode.REPLACE);
        long[] rows = {0};
        for (Split split : splits) {
          worker.read(
              split,
              batch -> {
                assertThat(batch.schema()).isEqualTo(stream.schema());
                rows[0] += batch.rows();
              });
        }
        assertThat(rows[0]).isEqualTo(100_000);
      }
    }
  }

  @Test
  void staysAtItsStartUntilItHasFinished() throws Exception {
    given("CREATE TABLE t (a int)", "INSERT INTO t VALUES (1)");
    try (Pipeline pipeline = pipeline()) {
      Stream stream = pipeline.stream("public.t");
      try (Snapshot snapshot = pipeline.source.openSnapshot(List.of(stream));
          BatchReader reader =
              pipeline.source.open(pipeline.source.split(stream, snapshot, 1).getFirst())) {
        assertThat(reader.positions()).isEmpty();
        Pipeline.drain(reader, batch -> {});
        assertThat(reader.positions()).hasSize(1);
        assertThat(reader.poll(Duration.ZERO)).isEmpty();
      }
    }
  }

  @Test
  void readsAPartitionedTableThroughItsParentWhenTheLeavesAreClosed() throws Exception {
    String user = database + "_reader";
    given(
        "CREATE ROLE " + user + " LOGIN",
        "CREATE TABLE p (a int) PARTITION BY LIST (a)",
        "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
        "CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2) PARTITION BY LIST (a)",
        "CREATE TABLE p2a PARTITION OF p2 DEFAULT",
        "INSERT INTO p VALUES (1), (2), (2)",
        "CREATE TABLE none (a int) PARTITION BY LIST (a)",
        "GRANT SELECT ON p TO " + user);
    try (Pipeline pipeline = Pipeline.at(server.url(database).replace("postgres@", user + "@"))) {
      assertThat(pipeline.count("public.p")).isEqualTo(3);
    }
    try (Pipeline pipeline = pipeline()) {
      assertThat(pipeline.count("public.p")).isEqualTo(3);
      assertThat(pipeline.count("public.none")).isZero();
    }
  }

  @Test
  void keepsTheTimeLimitWhileTheServerIsStillThinking() throws Exception {
    given("CREATE VIEW slow AS SELECT 1 AS one FROM pg_sleep(1.5)");
    try (Pipeline pipeline = pipeline()) {
      Stream stream = pipeline.stream("public.slow");
      try (Snapshot snapshot = pipeline.source.openSnapshot(List.of(stream));
          BatchReader reader =
              pipeline.source.open(pipeline.source.split(stream, snapshot, 1).getFirst())) {
        Instant start = Instant.now();
        assertThat(reader.poll(Duration.ofMillis(50))).isEmpty();
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(1));
        assertThat(reader.finished()).isFalse();
        long[] rows = {0};
        Pipeline.drain(reader, batch -> rows[0] += batch.rows());
        assertThat(rows[0]).isEqualTo(1);
      }
    }
  }

  @Test
  void closingEndsAPollAndTheQueryInTheServer() throws Exception {
    given("CREATE VIEW endless AS SELECT 1 AS one FROM pg_sleep(3600)");
    try (Pipeline pipeline = pipeline();
        ExecutorService executor = Executors.newSingleThreadExecutor()) {
      Stream stream = pipeline.stream("public.endless");
      try (Snapshot snapshot = pipeline.source.openSnapshot(List.of(stream))) {
        BatchReader reader =
            pipeline.source.open(pipeline.source.split(stream, snapshot, 1).getFirst());
        Future<?> poll = executor.submit(() -> reader.poll(Duration.ofMinutes(10)));
        waitFor(
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'COPY%endless%' AND wait_event = 'PgSleep'",
            "1");
        reader.close();
        assertThatThrownBy(() -> poll.get(10, TimeUnit.SECONDS))
            .hasRootCauseInstanceOf(Exception.class)
            .hasMessageContaining("view public.endless: the read was closed");
        waitFor(
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'COPY%endless%' AND wait_event = 'PgSleep'",
            "0");
      }
    }
  }

  private void waitFor(String query, String value) throws InterruptedException {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (!server.value(query).equals(value)) {
      assertThat(Instant.now()).as(query).isBefore(deadline);
      Thread.sleep(20);
    }
  }

  @Test
  void aKilledServerProcessIsTransient() throws Exception {
    givenBigTable();
    try (Pipeline pipeline = Pipeline.at(server.url(database))) {
      Stream stream = pipeline.stream("public.big");
      try (Snapshot snapshot = pipeline.source.openSnapshot(List.of(stream));
          BatchReader reader =
              pipeline.source.open(pipeline.source.split(stream, snapshot, 1).getFirst())) {
        assertThat(reader.poll(PATIENCE)).isPresent();
        server.value(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '%s' AND query LIKE 'COPY%%'"
                .formatted(database));
        assertThatThrownBy(() -> Pipeline.drain(reader, batch -> {}))
            .isInstanceOf(TransientException.class)
            .hasMessageContaining("table public.big");
      }
      assertThat(pipeline.count("public.big")).isEqualTo(100_000);
    }
  }

  @Test
  void aLostSnapshotIsStale() throws Exception {
    givenBigTable();
    try (Pipeline pipeline = pipeline()) {
      Stream stream = pipeline.stream("public.big");
      try (Snapshot snapshot = pipeline.source.openSnapshot(List.of(stream))) {
        Split split = pipeline.source.split(stream, snapshot, 1).getFirst();
        assertThat(snapshot.isOpen()).isTrue();
        server.value(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '%s' AND state = 'idle in transaction'"
                .formatted(database));
        waitFor(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = '%s' AND state = 'idle in transaction'"
                .formatted(database),
            "0");
        assertThat(snapshot.isOpen()).isFalse();
        assertThatThrownBy(() -> pipeline.source.open(split))
            .isInstanceOf(StaleSplitException.class)
            .hasMessageContaining("the snapshot is gone");
      }
    }
  }

  @Test
  void aTableThatWasTruncatedRewrittenOrMadeAnewIsStaleAndNeverSilentlyEmpty() throws Exception {
    for (String change :
        List.of(
            "TRUNCATE t",
            "ALTER TABLE t ALTER a TYPE bigint",
            "VACUUM FULL t",
            "DROP TABLE t; CREATE TABLE t (a int)")) {
      given("DROP TABLE IF EXISTS t", "CREATE TABLE t (a int)", "INSERT INTO t VALUES (1)");
      try (Pipeline pipeline = pipeline()) {
        Stream stream = pipeline.stream("public.t");
        try (Snapshot snapshot = pipeline.source.openSnapshot(List.of(stream))) {
          Split split = pipeline.source.split(stream, snapshot, 1).getFirst();
          given(change);
          assertThatThrownBy(() -> pipeline.source.open(split))
              .as(change)
              .isInstanceOf(StaleSplitException.class)
              .hasMessageStartingWith("table public.t was truncated, rewritten or made anew");
        }
      }
    }
  }

  @Test
  void aViewIsStaleWhenATableBeneathItWasTruncated() throws Exception {
    given(
        "CREATE TABLE base (a int)",
        "CREATE TABLE parts (a int)",
        "CREATE TABLE part () INHERITS (parts)",
        "INSERT INTO base VALUES (1)",
        "INSERT INTO part VALUES (2)",
        "CREATE VIEW inner_view AS SELECT a FROM base UNION ALL SELECT a FROM parts",
        "CREATE VIEW v AS SELECT a, (SELECT count(*) FROM pg_catalog.pg_class) AS n FROM inner_view");
    for (String truncated : List.of("base", "part")) {
      try (Pipeline pipeline = pipeline()) {
        Stream stream = pipeline.stream("public.v");
        try (Snapshot snapshot = pipeline.source.openSnapshot(List.of(stream))) {
          Split split = pipeline.source.split(stream, snapshot, 1).getFirst();
          pipeline.source.open(split).close();
          given("TRUNCATE " + truncated);
          assertThatThrownBy(() -> pipeline.source.open(split))
              .as(truncated)
              .isInstanceOf(StaleSplitException.class)
              .hasMessageStartingWith("view public.v, or a table of it, was truncated");
        }
      }
    }
  }

  @Test
  void aTableThatAnotherSessionHasLockedIsWaitedForInSteps() throws Exception {
    given("CREATE TABLE t (a int)");
    try (Pipeline pipeline = pipeline();
        Connection other = SharedServer.get().connect(database);
        Statement statement = other.createStatement()) {
      Stream stream = pipeline.stream("public.t");
      try (Snapshot snapshot = pipeline.source.openSnapshot(List.of(stream))) {
        Split split = pipeline.source.split(stream, snapshot, 1).getFirst();
        other.setAutoCommit(false);
        statement.execute("LOCK TABLE t IN ACCESS EXCLUSIVE MODE");

        assertThatThrownBy(() -> pipeline.source.open(split))
            .isInstanceOf(TransientException.class)
            .hasMessageContaining("another session holds a lock on it");

        other.rollback();
        pipeline.source.open(split).close();
      }
    }
  }

  @Test
  void aDroppedTableOrColumnEndsTheStreamWithTheReason() throws Exception {
    given("CREATE TABLE t (a int, b int)", "CREATE TABLE u (a int)");
    try (Pipeline pipeline = pipeline()) {
      Stream stream = pipeline.stream("public.t");
      Stream other = pipeline.stream("public.u");
      try (Snapshot snapshot = pipeline.source.openSnapshot(List.of(stream, other))) {
        Split split = pipeline.source.split(stream, snapshot, 1).getFirst();
        Split otherSplit = pipeline.source.split(other, snapshot, 1).getFirst();
        given("ALTER TABLE t DROP COLUMN b", "DROP TABLE u");
        assertThatThrownBy(() -> pipeline.source.open(split))
            .isInstanceOf(IOException.class)
            .hasMessageStartingWith("table public.t was dropped or altered while it was read");
        assertThatThrownBy(() -> pipeline.source.open(otherSplit))
            .hasMessageStartingWith("table public.u was dropped or altered while it was read");
      }
      try (Snapshot snapshot = pipeline.source.openSnapshot(List.of(stream, other))) {
        assertThatThrownBy(() -> pipeline.source.split(stream, snapshot, 1))
            .hasMessageContaining("table public.t has no column 'b' any more");
        assertThatThrownBy(() -> pipeline.source.split(other, snapshot, 1))
            .hasMessageContaining("table public.u is not there any more");
      }
      given("ALTER TABLE t ADD COLUMN b text");
      try (Snapshot snapshot = pipeline.source.openSnapshot(List.of(stream))) {
        assertThatThrownBy(() -> pipeline.source.split(stream, snapshot, 1))
            .hasMessageContaining("column 'b' of table public.t was integer and is now text");
      }
    }
  }

  @Test
  void privilegesAndRowSecurityAreNamedWithTheRemedy() throws Exception {
    String user = database + "_reader";
    given(
        "CREATE ROLE " + user + " LOGIN",
        "CREATE TABLE t (a int)",
        "INSERT INTO t VALUES (1), (2)",
        "GRANT SELECT ON t TO " + user);
    try (Pipeline pipeline = Pipeline.at(server.url(database).replace("postgres@", user + "@"))) {
      Stream stream = pipeline.stream("public.t");
      given("ALTER TABLE t ENABLE ROW LEVEL SECURITY", "CREATE POLICY few ON t USING (a = 1)");
      assertThatThrownBy(() -> pipeline.scan(stream, batch -> {}))
          .hasMessageContaining("table public.t has row-level security")
          .hasMessageContaining("BYPASSRLS");
      assertThat(pipeline.source.check(List.of(stream)))
          .anyMatch(finding -> finding.remedy().equals("ALTER ROLE \"" + user + "\" BYPASSRLS;"));
      try (Snapshot snapshot = pipeline.source.openSnapshot(List.of(stream))) {
        Split split = pipeline.source.split(stream, snapshot, 1).getFirst();
        given("ALTER TABLE t DISABLE ROW LEVEL SECURITY", "REVOKE ALL ON t FROM " + user);
        assertThatThrownBy(() -> pipeline.source.open(split))
            .hasMessageContaining("permission denied for table t")
            .hasMessageContaining("GRANT SELECT ON \"public\".\"t\" TO \"" + user + "\";");
      }
    }
  }
}
