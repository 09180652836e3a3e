package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/// Runs of a pipeline that follows the log of a database under [Load], and what happens to them.
final class LogKills {
  /// As many transactions change every table.
  private static final int TELLING = 150;

  private final LogServer server;
  private final Path folder;
  private final String database;
  private final String settings;

  /// @param folder where the pipeline is
  /// @param database a database that is made here
  /// @param settings of the source, each after a comma
  LogKills(LogServer server, Path folder, String database, String settings) {
    this.server = server;
    this.folder = folder;
    this.database = database;
    this.settings = settings;
    server.executeIn("postgres", "CREATE DATABASE " + database);
  }

  void descriptor(String exclude) throws IOException {
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        """
        source: {type: postgres, url: "%s"%s}
        method: LOG_BASED
        streams:
          - table: public.*
            exclude: [%s]
        sink: {type: jsonl, path: out}
        engine: {checkpoint: {interval: 50ms, rows: 400}, retry-for: 60s}
        """
            .formatted(server.url(database), settings, exclude));
  }

  void runToTheEnd() throws Exception {
    Distribution.Result result = Distribution.run(folder, "run", "pipeline.yaml");
    assertThat(result.code()).as("%s", result).isZero();
  }

  void verify() throws Exception {
    for (String table : Load.TABLES) {
      assertThat(Replay.verify(server, database, folder.resolve("out"), table))
          .as("changes of %s out of the log", table)
          .isPositive();
    }
    assertThat(Output.leftovers(folder.resolve("out"))).isEmpty();
  }

  /// Kills runs at random instants while tables are being changed, has a table join and one be
  /// reset, restarts the server and cuts connections; at the end requires that nothing was lost and
  /// nothing came twice.
  void noChangeIsLostOrComesTwice(int kills) throws Exception {
    descriptor("public.noise, public.joined");
    Random random = new Random(20261121);
    int atWork = 0;
    int withinACheckpoint = 0;
    try (Load load = new Load(server, database, 3, 4)) {
      runToTheEnd();
      long began = System.nanoTime();
      runToTheEnd();
      long whole = Duration.ofNanos(System.nanoTime() - began).toMillis();
      // On a slow machine some more, until enough of them came while a run was at work.
      int enough = Math.max(1, kills / 5);
      for (int i = 0; i < kills || (atWork < enough && i < 4 * kills); i++) {
        if (i == kills / 3) {
          descriptor("public.noise"); // a table joins
        }
        if (i == kills / 2) {
          reset("public.accounts");
        }
        long checkpoint = state().get("checkpoint").asLong();
        Process process =
            random.nextInt(3) == 0
                ? Distribution.start(folder, "run", "pipeline.yaml")
                : Distribution.start(folder, "run", "--continuous", "pipeline.yaml");
        disturb(i, process, whole, random);
        process.destroyForcibly().waitFor();
        atWork += state().get("checkpoint").asLong() > checkpoint ? 1 : 0;
        withinACheckpoint += state().has("pending") ? 1 : 0;
      }
      System.out.printf(
          "%d kills, %d of them after the run had made a checkpoint, %d within one; %d transactions%n",
          kills, atWork, withinACheckpoint, load.transactions());
      assertThat(atWork).isGreaterThanOrEqualTo(enough);
      assertThat(load.transactions()).isGreaterThan(kills * 20L);
      // What was still being copied has its copy now, and changes that follow it.
      runToTheEnd();
      load.awaitMore(TELLING);
    }
    runToTheEnd();
    verify();
  }

  private JsonNode state() throws IOException {
    return Output.JSON.readTree(Files.readString(folder.resolve(".tapline/pipeline.json")));
  }

  /// Lets a run go on for a while, and has something happen to it.
  private void disturb(int round, Process process, long whole, Random random) throws Exception {
    // The first half of a run is spent on coming up.
    pause(process, whole * 4 / 10 + random.nextLong(whole * 12 / 10));
    switch (round % 5) {
      case 1 ->
          server.executeIn(
              "postgres",
              "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'walsender'");
      case 3 -> {
        server.stopFast();
        pause(process, random.nextInt(500));
        server.startUp();
      }
      default -> {
        return;
      }
    }
    pause(process, random.nextLong(whole));
  }

  private static void pause(Process process, long millis) throws InterruptedException {
    process.waitFor(millis, TimeUnit.MILLISECONDS);
  }

  private void reset(String stream) throws Exception {
    Distribution.Result result =
        Distribution.run(folder, "reset", "--stream", stream, "pipeline.yaml");
    assertThat(result.code()).as("%s", result).isZero();
  }
}
