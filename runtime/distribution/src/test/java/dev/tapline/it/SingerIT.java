package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Singer messages for a target that dies, and for one that does not.
class SingerIT {
  private static TestServer server;
  private static int databases;

  @TempDir Path folder;

  private String database = "";
  private SingerConsumer target;

  @BeforeAll
  static void start() {
    server = TestServer.start("wal_level = logical", "max_replication_slots = 20");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void createDatabase() throws IOException {
    database = "singer" + databases++;
    server.execute("CREATE DATABASE " + database);
    target = new SingerConsumer(stateFile());
    server.executeIn(
        database,
        "CREATE TABLE logged (id int PRIMARY KEY, note text, doc jsonb)",
        "CREATE TABLE grown (id serial PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp())",
        "CREATE TABLE whole (id int PRIMARY KEY, version text)",
        "INSERT INTO logged SELECT i, 'first', '{\"a\": 1}' FROM generate_series(1, 300) i",
        "INSERT INTO grown SELECT FROM generate_series(1, 300)",
        "INSERT INTO whole SELECT i, 'one' FROM generate_series(1, 50) i");
    descriptor("target-state: state.json");
  }

  private Path stateFile() {
    return folder.resolve("state.json");
  }

  private void descriptor(String sink) throws IOException {
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        """
        source: {type: postgres, url: "%s"}
        streams:
          - {table: public.logged, method: LOG_BASED}
          - {table: public.grown, method: INCREMENTAL, replication-key: [at]}
          - {table: public.whole, method: FULL_TABLE}
        sink: {type: jsonl, format: singer, %s}
        engine: {checkpoint: {rows: 50}}
        """
            .formatted(server.url(database), sink));
  }

  /// `runtime run pipeline.yaml | target >> state.json`.
  ///
  /// @param lines after how many lines the target dies
  private int run(long lines, String... arguments) throws Exception {
    Process tap = startTap(arguments);
    target.read(tap.getInputStream(), lines);
    assertThat(tap.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return tap.exitValue();
  }

  private Process startTap(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(Distribution.HOME.resolve("bin/runtime").toString(), "run", "pipeline.yaml"));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectError(folder.resolve("stderr.txt").toFile())
        .start();
  }

  private void change(int round) {
    server.executeIn(
        database,
        "UPDATE logged SET note = 'round %d' WHERE id %% 7 = %d".formatted(round, round % 7),
        "DELETE FROM logged WHERE id = %d".formatted(round),
        "INSERT INTO logged SELECT %d + i, 'new' FROM generate_series(0, 9) i"
            .formatted(1000 * round),
        "INSERT INTO grown SELECT FROM generate_series(1, 20)",
        "UPDATE whole SET version = 'round %d'".formatted(round));
  }

  private void requireCopy() {
    assertThat(target.rows("public__logged"))
        .extracting(row -> row.get("id").asString() + " " + row.get("note").asString())
        .containsExactlyElementsOf(source("SELECT id || ' ' || note FROM logged ORDER BY id"));
    assertThat(target.rows("public__grown"))
        .extracting(row -> row.get("id").asString())
        .containsExactlyElementsOf(source("SELECT id::text AS line FROM grown ORDER BY grown.id"));
    assertThat(target.rows("public__whole"))
        .extracting(row -> row.get("id").asString() + " " + row.get("version").asString())
        .containsExactlyElementsOf(source("SELECT id || ' ' || version FROM whole ORDER BY id"));
  }

  private List<String> source(String query) {
    String all =
        server.valueIn(database, "SELECT string_agg(q.line, '|') FROM (" + query + ") AS q(line)");
    return List.of(all.split("\\|", -1));
  }

  /// The slot keeps all that the target may ask for again.
  private void requireLogOfState() throws IOException {
    JsonNode place = null;
    if (Files.exists(stateFile())) {
      List<String> states = Files.readAllLines(stateFile());
      place = Output.JSON.readTree(states.getLast()).at("/bookmarks/public__logged/lsn");
    }
    String kept =
        place == null || place.isMissingNode()
            ? "t"
            : server.valueIn(
                database,
                "SELECT confirmed_flush_lsn - '0/0'::pg_lsn <= %s FROM pg_replication_slots WHERE slot_name = 'tapline_%s'"
                    .formatted(place.asString(), database));
    assertThat(kept).as("the slot is not beyond %s", place).isEqualTo("t");
  }

  @Test
  void whatATargetNeverReadComesAgainThoughThePipeHadTakenIt() throws Exception {
    assertThat(run(Long.MAX_VALUE)).isZero();
    requireCopy();
    change(1);
    // A pipe takes some 64 KB: the run cannot tell that nobody reads.
    int code = run(3);
    requireLogOfState();
    change(2);

    assertThat(run(Long.MAX_VALUE)).as("after exit code %d", code).isZero();

    requireCopy();
    requireLogOfState();
  }

  @Test
  void nothingIsLostWheneverTheTargetDies() throws Exception {
    Random random = new Random(20261130);
    for (int round = 1; round <= 6; round++) {
      run(random.nextInt(1200));
      requireLogOfState();
      change(round);
    }

    assertThat(run(Long.MAX_VALUE)).isZero();

    requireCopy();
  }

  @Test
  void nothingIsLostWheneverTheTapIsKilled() throws Exception {
    Random random = new Random(1130);
    for (int round = 1; round <= 4; round++) {
      Process tap = startTap();
      Thread killer =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  TimeUnit.MILLISECONDS.sleep(400 + random.nextInt(1500));
                  tap.toHandle().destroyForcibly();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      target.read(tap.getInputStream(), Long.MAX_VALUE);
      killer.join();
      tap.waitFor();
      requireLogOfState();
      change(round);
    }

    assertThat(run(Long.MAX_VALUE)).isZero();

    requireCopy();
  }

  @Test
  void theServersLogIsLetGoOnceTheTargetSaysSo() throws Exception {
    run(Long.MAX_VALUE);
    change(1);
    run(Long.MAX_VALUE);
    String lsn =
        Output.JSON
            .readTree(Files.readAllLines(stateFile()).getLast())
            .at("/bookmarks/public__logged/lsn")
            .asString();
    run(Long.MAX_VALUE);
    assertThat(
            server.valueIn(
                database,
                "SELECT confirmed_flush_lsn - '0/0'::pg_lsn FROM pg_replication_slots WHERE slot_name = 'tapline_%s'"
                    .formatted(database)))
        .isEqualTo(lsn);
  }

  @Test
  void aRunOfOneStreamKeepsTheBookmarksOfAll() throws Exception {
    run(Long.MAX_VALUE);
    change(1);

    assertThat(run(Long.MAX_VALUE, "--stream", "public.grown")).isZero();

    assertThat(target.states.getLast().get("bookmarks").propertyNames())
        .containsExactlyInAnyOrder("public__grown", "public__logged", "public__whole");
    run(Long.MAX_VALUE);
    requireCopy();
  }

  @Test
  void commandsSayWhereTheStateIs() throws Exception {
    run(Long.MAX_VALUE);
    Distribution.Result state = Distribution.run(folder, "state", "pipeline.yaml");
    assertThat(state.out())
        .startsWith("as the target has written it, the file '" + stateFile())
        .containsPattern("public.logged +LOG_BASED +public__logged");
    Distribution.Result reset =
        Distribution.run(folder, "reset", "--stream", "public.grown", "pipeline.yaml");
    assertThat(reset.code()).isEqualTo(2);
    assertThat(reset.err()).contains("what its target has written, in the file '" + stateFile());
    Distribution.Result accept =
        Distribution.run(folder, "state", "--accept-destination", "pipeline.yaml");
    assertThat(accept.code()).isEqualTo(2);
    Distribution.Result dry = Distribution.run(folder, "run", "--dry-run", "pipeline.yaml");
    assertThat(dry.out()).containsPattern("public.grown +INCREMENTAL +at=");
    Distribution.Result continuous =
        Distribution.run(folder, "run", "--continuous", "pipeline.yaml");
    assertThat(continuous.code()).isEqualTo(2);
    assertThat(continuous.err()).contains("with --continuous the server would keep the log");
  }

  @Test
  void withoutTheTargetsStateALogIsRefusedAndTheRestSaid() throws Exception {
    descriptor("metadata: none");
    assertThat(run(Long.MAX_VALUE)).isEqualTo(1);
    assertThat(folder.resolve("stderr.txt"))
        .content()
        .contains("public.logged: without 'target-state' nothing says how far")
        .contains("INCREMENTAL streams begin anew in each run");
    assertThat(target.rows("public__grown")).hasSize(300);
  }
}
