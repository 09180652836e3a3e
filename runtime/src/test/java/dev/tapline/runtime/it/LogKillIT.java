package dev.tapline.runtime.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Kills runs at random instants while the source is being changed, restarts the server under them
/// and cuts their connections. At the end the JSON Lines, replayed in order, are the table, and no
/// change comes twice.
class LogKillIT {
  private static final int KILLS = Integer.getInteger("tapline.log.kills", 15);
  private static TestServer server;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    server = TestServer.start("wal_level = logical");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private void descriptor(String database, String source, String exclude) throws IOException {
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
            .formatted(server.url(database), source, exclude));
  }

  private JsonNode state() throws IOException {
    return Output.JSON.readTree(Files.readString(folder.resolve(".tapline/pipeline.json")));
  }

  private void runToTheEnd() throws Exception {
    Distribution.Result result = Distribution.run(folder, "run", "pipeline.yaml");
    assertThat(result.code()).as("%s", result).isZero();
  }

  private void verify(String database, Iterable<String> tables) throws Exception {
    for (String table : tables) {
      assertThat(Replay.verify(server, database, folder.resolve("out"), table))
          .as("changes of %s out of the log", table)
          .isPositive();
    }
    assertThat(Output.leftovers(folder.resolve("out"))).isEmpty();
  }

  @Test
  void noChangeIsLostOrComesTwiceWhateverIsKilled() throws Exception {
    server.execute("CREATE DATABASE kills");
    descriptor("kills", "", "public.noise, public.joined");
    Random random = new Random(20261121);
    int atWork = 0;
    int withinACheckpoint = 0;
    try (Load load = new Load(server, "kills", 3, 4)) {
      runToTheEnd();
      long began = System.nanoTime();
      runToTheEnd();
      long whole = Duration.ofNanos(System.nanoTime() - began).toMillis();
      for (int i = 0; i < KILLS; i++) {
        if (i == KILLS / 3) {
          descriptor("kills", "", "public.noise"); // a table joins
        }
        if (i == KILLS / 2) {
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
          KILLS, atWork, withinACheckpoint, load.transactions());
      assertThat(atWork).isGreaterThan(KILLS / 3);
      assertThat(load.transactions()).isGreaterThan(KILLS * 20L);
    }
    runToTheEnd();
    verify("kills", Load.TABLES);
  }

  /// Lets a run go on for a while, and has something happen to it.
  private void disturb(int round, Process process, long whole, Random random) throws Exception {
    // The first half of a run is spent on coming up.
    pause(process, whole * 4 / 10 + random.nextLong(whole * 12 / 10));
    switch (round % 5) {
      case 1 -> cutWalSenders();
      case 3 -> {
        stopFast();
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

  private static void cutWalSenders() {
    server.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'walsender'");
  }

  private void reset(String stream) throws Exception {
    Distribution.Result result =
        Distribution.run(folder, "reset", "--stream", stream, "pipeline.yaml");
    if (result.err().contains("a checkpoint is on its way")) {
      runToTheEnd();
      result = Distribution.run(folder, "reset", "--stream", stream, "pipeline.yaml");
    }
    assertThat(result.code()).as("%s", result).isZero();
  }

  /// What `pg_ctl -m fast stop` does.
  private static void stopFast() throws Exception {
    Path file = server.data().resolve("postmaster.pid");
    String pid = Files.readAllLines(file).getFirst();
    new ProcessBuilder("kill", "-INT", pid).start().waitFor();
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (Files.exists(file)) {
      assertThat(System.nanoTime()).as("the server does not stop").isLessThan(deadline);
      Thread.sleep(10);
    }
  }

  @Test
  void aSlotThatWasMadeBeforehandServesAsWell() throws Exception {
    server.execute("CREATE DATABASE beforehand");
    server.executeIn("beforehand", "SELECT pg_create_logical_replication_slot('mine', 'pgoutput')");
    descriptor("beforehand", ", slot: mine, create-slot: false", "public.noise");
    try (Load load = new Load(server, "beforehand", 4, 2)) {
      while (load.transactions() < 200) {
        Thread.sleep(10);
      }
      for (int i = 0; i < 3; i++) {
        runToTheEnd();
      }
    }
    runToTheEnd();
    verify("beforehand", Load.TABLES);
  }

  @Test
  void trafficOnOtherTablesLetsTheSlotMoveOn() throws Exception {
    server.execute("CREATE DATABASE noisy");
    server.executeIn(
        "noisy",
        "CREATE TABLE quiet (id int PRIMARY KEY)",
        "CREATE TABLE noise (filler text)",
        "INSERT INTO quiet VALUES (1)");
    descriptor("noisy", "", "public.noise");
    runToTheEnd();
    Process process = Distribution.start(folder, "run", "--continuous", "pipeline.yaml");
    try {
      server.executeIn(
          "noisy", "INSERT INTO noise SELECT repeat('n', 1000) FROM generate_series(1, 50000)");
      long written = held();
      assertThat(written).isGreaterThan(40L << 20);
      long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (held() > 1 << 20) {
        assertThat(System.nanoTime())
            .as("the slot holds %d of %d bytes", held(), written)
            .isLessThan(deadline);
        Thread.sleep(100);
      }
    } finally {
      process.destroy();
      process.waitFor();
    }
    assertThat(Output.rows(folder.resolve("out"), "public__quiet")).hasSize(1);
  }

  /// How much of the log the slot of the database `noisy` holds.
  private static long held() {
    return Long.parseLong(
        server.value(
            "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn)::bigint FROM pg_replication_slots WHERE database = 'noisy'"));
  }
}
