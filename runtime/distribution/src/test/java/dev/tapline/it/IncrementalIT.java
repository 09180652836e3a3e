package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IncrementalIT {
  private static TestServer server;
  private static int databases;

  @TempDir Path folder;

  private String database = "";

  @BeforeAll
  static void start() {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void createDatabase() {
    database = "incremental" + databases++;
    server.execute("CREATE DATABASE " + database);
  }

  private void given(String... statements) {
    server.executeIn(database, statements);
  }

  private void descriptor(String stream) throws IOException {
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        """
        source: {type: postgres, url: "%s", split-size: 1MB}
        method: INCREMENTAL
        streams: [%s]
        sink: {type: jsonl, path: out}
        engine: {checkpoint: {rows: 500}}
        """
            .formatted(server.url(database), stream));
  }

  private Distribution.Result run() throws Exception {
    Distribution.Result result = Distribution.run(folder, "run", "pipeline.yaml");
    assertThat(result.code()).as("%s", result).isZero();
    return result;
  }

  private List<Integer> ids() throws IOException {
    return Output.rows(folder.resolve("out"), "public__t").stream()
        .map(row -> row.get("id").asInt())
        .sorted()
        .toList();
  }

  private List<Integer> expected() {
    return List.of(
            server
                .valueIn(
                    database, "SELECT coalesce(string_agg(id::text, ',' ORDER BY id), '') FROM t")
                .split(",", -1))
        .stream()
        .map(Integer::valueOf)
        .toList();
  }

  @Test
  void addsWhatIsNewAndSaysWhereItStands() throws Exception {
    given(
        "CREATE TABLE t (id int PRIMARY KEY, at timestamptz NOT NULL)",
        "INSERT INTO t SELECT i, timestamptz '2026-01-01' + i * interval '1 minute' FROM generate_series(1, 5000) i");
    descriptor("{table: public.t, replication-key: [at]}");
    run();
    assertThat(run().out()).contains("0 rows");
    given(
        "INSERT INTO t SELECT i, timestamptz '2026-01-01' + i * interval '1 minute' FROM generate_series(5001, 5100) i");

    Distribution.Result third = run();

    assertThat(third.out()).contains("100 rows").contains("2026-01-04 13:00:00+00");
    assertThat(ids()).isEqualTo(expected());
  }

  @Test
  void missesNothingOfAWriterThatCommitsLateAndInBulk() throws Exception {
    given(
        "CREATE TABLE t (id serial PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())",
        "CREATE INDEX ON t (at)",
        "INSERT INTO t SELECT FROM generate_series(1, 1000)");
    descriptor("{table: public.t, replication-key: [at], lookback: 5s}");
    run();
    AtomicBoolean over = new AtomicBoolean();
    try (ExecutorService writers = Executors.newFixedThreadPool(3)) {
      List<Future<?>> all =
          List.of(
              writers.submit(() -> write(over, 1, 0)),
              writers.submit(() -> write(over, 300, 200)),
              writers.submit(() -> write(over, 10, 700)));
      for (int i = 0; i < 5; i++) {
        run();
      }
      over.set(true);
      for (Future<?> writer : all) {
        writer.get(20, TimeUnit.SECONDS);
      }
    }
    run();

    assertThat(ids()).hasSizeGreaterThan(1_300).isEqualTo(expected());
  }

  /// Writes rows whose time is that of the transaction's begin, and commits later.
  private Void write(AtomicBoolean over, int rows, int millis)
      throws SQLException, InterruptedException {
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      while (!over.get()) {
        statement.execute("INSERT INTO t SELECT FROM generate_series(1, " + rows + ")");
        Thread.sleep(millis + 5L);
        connection.commit();
        Thread.sleep(20);
      }
    }
    return null;
  }

  @Test
  void losesAndDoublesNothingWhenItIsKilled() throws Exception {
    given("CREATE TABLE t (id int PRIMARY KEY, g int)", "CREATE INDEX ON t (g, id)");
    descriptor("{table: public.t, replication-key: [g]}");
    given("INSERT INTO t SELECT i, i / 700 FROM generate_series(0, 9999) i");
    run();
    Random random = new Random(20261121);
    int next = 10_000;
    for (int kill = 0; kill < 6; kill++) {
      given(
          "INSERT INTO t SELECT i, i / 700 FROM generate_series(%d, %d) i"
              .formatted(next, next + 29_999));
      next += 30_000;
      Process process = Distribution.start(folder, "run", "pipeline.yaml");
      process.waitFor(600 + random.nextInt(1_200), TimeUnit.MILLISECONDS);
      process.destroyForcibly().waitFor();
    }
    run();

    assertThat(ids()).isEqualTo(expected());
    assertThat(Output.leftovers(folder.resolve("out"))).isEmpty();
  }

  @Test
  void copiesAnewWhenKeyOrMethodHasChanged() throws Exception {
    given("CREATE TABLE t (id int PRIMARY KEY, a int, b int)", "INSERT INTO t VALUES (1, 1, 9)");
    descriptor("{table: public.t, replication-key: [a]}");
    run();
    given("INSERT INTO t VALUES (2, 0, 10)");
    descriptor("{table: public.t, replication-key: [b]}");

    assertThat(run().err()).contains("its replication key is now b (integer); it is copied anew");
    assertThat(ids()).containsExactly(1, 2);

    given("DELETE FROM t WHERE id = 1");
    descriptor("{table: public.t, method: FULL_TABLE}");
    run();
    assertThat(ids()).containsExactly(2);

    given("INSERT INTO t VALUES (3, 0, 1)");
    descriptor("{table: public.t, replication-key: [id]}");
    run();
    assertThat(ids()).containsExactly(2, 3);
  }

  @Test
  void saysWhatIsMissing() throws Exception {
    given("CREATE TABLE t (id int PRIMARY KEY, doc json)");
    descriptor("{table: public.t}");
    Distribution.Result without = Distribution.run(folder, "run", "pipeline.yaml");
    descriptor("{table: public.t, replication-key: [doc]}");
    Distribution.Result unordered = Distribution.run(folder, "run", "pipeline.yaml");
    descriptor("{table: public.t, replication-key: [id], lookback: soon}");
    Distribution.Result lookback = Distribution.run(folder, "run", "pipeline.yaml");

    assertThat(without.code()).isEqualTo(1);
    assertThat(without.err())
        .contains("it has no replication key; add 'replication-key: [column]' to its entry");
    assertThat(unordered.err()).contains("'doc' is of type json, which has no order to go by");
    assertThat(lookback.err())
        .contains("pipeline.yaml:3:", "'lookback': 'soon' is not a span of time");
  }
}
