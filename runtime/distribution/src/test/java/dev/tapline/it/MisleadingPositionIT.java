package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.testing.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Positions that would mislead, in whole runs: the copy has each row of the source once, or the
/// run says why not.
class MisleadingPositionIT {
  private static TestServer server;
  private static int databases;

  @TempDir Path folder;

  private String database = "";
  private String sink = "";

  @BeforeAll
  static void start() {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private void begin(String kind, String stream) throws Exception {
    database = "position" + databases++;
    sink = kind;
    server.execute("CREATE DATABASE " + database, "CREATE DATABASE " + database + "_copy");
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        """
        source: {type: postgres, url: "%s"}
        method: INCREMENTAL
        streams: [%s]
        sink: %s
        engine: {checkpoint: {rows: 500}}
        """
            .formatted(
                server.url(database),
                stream,
                kind.equals("jsonl")
                    ? "{type: jsonl, path: out}"
                    : "{type: jdbc, url: \"jdbc:postgresql://127.0.0.1:%d/%s_copy\", user: postgres}"
                        .formatted(server.port(), database)));
  }

  private void given(String... statements) {
    server.executeIn(database, statements);
  }

  private String run() throws Exception {
    Distribution.Result result = Distribution.run(folder, "run", "pipeline.yaml");
    assertThat(result.code()).as("%s", result).isZero();
    return result.err() + result.out();
  }

  private List<String> copied() throws Exception {
    Stream<String> ids =
        sink.equals("jsonl")
            ? Output.rows(folder.resolve("out"), "public__t").stream()
                .map(row -> row.get("id").asString())
            : lines(
                database + "_copy",
                "SELECT coalesce(string_agg(id::text, ','), '') FROM public__t");
    return ids.sorted().toList();
  }

  private List<String> expected() {
    return lines(database, "SELECT coalesce(string_agg(id::text, ','), '') FROM t")
        .sorted()
        .toList();
  }

  private static Stream<String> lines(String database, String query) {
    return Stream.of(server.valueIn(database, query).split(",", -1))
        .filter(line -> !line.isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"jsonl", "jdbc"})
  void aRowInTheFarFutureHidesNone(String kind) throws Exception {
    begin(kind, "{table: public.t, replication-key: [at]}");
    given(
        "CREATE TABLE t (id int PRIMARY KEY, at timestamptz NOT NULL)",
        "INSERT INTO t VALUES (1, '2026-01-01'), (2, '2999-01-01')");
    assertThat(run()).contains("2999-01-01").contains("far ahead of the server's clock");
    given("INSERT INTO t VALUES (3, '2026-01-02')");
    assertThat(run()).contains("far ahead of the server's clock");
    run();
    assertThat(copied()).isEqualTo(expected());
  }

  @ParameterizedTest
  @ValueSource(strings = {"jsonl", "jdbc"})
  void manyRowsOfOneKeyComeOnce(String kind) throws Exception {
    begin(kind, "{table: public.t, replication-key: [at]}");
    given(
        "CREATE TABLE t (id int PRIMARY KEY, at timestamptz NOT NULL)",
        "INSERT INTO t SELECT i, '2026-01-01' FROM generate_series(1, 60000) i");
    run();
    run();
    given("INSERT INTO t VALUES (0, '2026-01-01')");
    run();
    run();
    assertThat(copied()).isEqualTo(expected());
  }

  @ParameterizedTest
  @ValueSource(strings = {"jsonl", "jdbc"})
  void aTableFilledAgainIsCopiedAnew(String kind) throws Exception {
    begin(kind, "{table: public.t, replication-key: [id]}");
    given(
        "CREATE TABLE t (id serial PRIMARY KEY, n int)",
        "INSERT INTO t (n) SELECT i FROM generate_series(1, 1000) i");
    run();
    given(
        "TRUNCATE t RESTART IDENTITY", "INSERT INTO t (n) SELECT i FROM generate_series(1, 500) i");
    assertThat(run()).contains("was truncated or rewritten").contains("it is copied anew");
    assertThat(copied()).isEqualTo(expected());

    given("DELETE FROM t", "INSERT INTO t VALUES (7, 7)");
    assertThat(run()).contains("below its position").contains("runtime reset --stream 'public.t'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jsonl", "jdbc"})
  void keysOfExtensionsAreComparedAsTheyAreOrdered(String kind) throws Exception {
    begin(kind, "{table: public.t, replication-key: [k]}");
    given(
        "CREATE EXTENSION citext",
        "CREATE TABLE t (id int PRIMARY KEY, k citext NOT NULL)",
        "INSERT INTO t VALUES (1, 'c')");
    assertThat(run()).contains("values do not grow");
    given("INSERT INTO t VALUES (2, 'D')");
    run();
    assertThat(copied()).isEqualTo(expected());
  }

  @ParameterizedTest
  @ValueSource(strings = {"jsonl"})
  void runAndCheckSayWhatAKeyDoesNotSee(String kind) throws Exception {
    begin(kind, "{table: public.t, replication-key: [id]}");
    given("CREATE TABLE t (id uuid DEFAULT gen_random_uuid() PRIMARY KEY, at timestamptz)");
    assertThat(run())
        .contains("values do not grow")
        .contains("without a lookback")
        .contains("pg_stat_activity");
    assertThat(Distribution.run(folder, "check", "pipeline.yaml").toString())
        .contains("values do not grow")
        .contains("without a lookback")
        .contains("pg_stat_activity");
    assertThat(Distribution.run(folder, "discover", "--format", "singer", "pipeline.yaml").out())
        .contains("valid-replication-keys")
        .containsPattern("\"valid-replication-keys\"\\s*:\\s*\\[\\s*\"at\"\\s*\\]");
  }
}
