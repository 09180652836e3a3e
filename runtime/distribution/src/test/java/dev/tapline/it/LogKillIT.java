package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.testing.TestServer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Kills runs at random instants while the source is being changed, restarts the server under them
/// and cuts their connections. At the end the JSON Lines, replayed in order, are the table, and no
/// change comes twice. On an older server, too, which ends a log that is read with a publication
/// that was not there yet.
class LogKillIT {
  private static final int KILLS = Integer.getInteger("tapline.log.kills", 10);
  private static final String OLDER = "16";
  private static TestServer server;
  private static TestServer older;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    server = TestServer.start("wal_level = logical");
    older = TestServer.startVersion(OLDER, "wal_level = logical");
  }

  @AfterAll
  static void stop() {
    server.close();
    older.close();
  }

  private static TestServer server(String version) {
    return version.equals(OLDER) ? older : server;
  }

  private LogKills kills(String database, String settings) {
    return kills(server, database, settings);
  }

  private LogKills kills(TestServer of, String database, String settings) {
    return new LogKills(LogServer.of(of), folder, database, settings);
  }

  @Test
  void noChangeIsLostOrComesTwiceWhateverIsKilled() throws Exception {
    kills("kills", "").noChangeIsLostOrComesTwice(KILLS);
  }

  @Test
  void soItIsOnAnOlderServer() throws Exception {
    kills(older, "kills", "").noChangeIsLostOrComesTwice((KILLS + 1) / 2);
  }

  // All that is open is with the client, in files, when the kill comes.
  @Test
  void soItIsWhenChangesComeBeforeTheirTransactionsAreCommitted() throws Exception {
    Path spool = folder.resolve("spool");
    LogKills kills = kills("streamed", ", streaming: true, spool: spool");
    server.execute("ALTER DATABASE streamed SET debug_logical_replication_streaming = 'immediate'");
    kills.noChangeIsLostOrComesTwice((KILLS + 1) / 2);
    assertThat(spool).isEmptyDirectory();
    assertThat(
            server.value(
                "SELECT sum(stream_txns) > 1000 FROM pg_stat_replication_slots WHERE slot_name = 'tapline_streamed'"))
        .isEqualTo("t");
  }

  @ParameterizedTest
  @ValueSource(strings = {OLDER, TestServer.CURRENT})
  void aSlotThatWasMadeBeforehandServesAsWell(String version) throws Exception {
    TestServer of = server(version);
    LogKills kills = kills(of, "beforehand", ", slot: mine, create-slot: false");
    of.executeIn("beforehand", "SELECT pg_create_logical_replication_slot('mine', 'pgoutput')");
    kills.descriptor("public.noise");
    try (Load load = new Load(LogServer.of(of), "beforehand", 4, 2)) {
      load.awaitMore(200);
      for (int i = 0; i < 3; i++) {
        kills.runToTheEnd();
      }
    }
    kills.runToTheEnd();
    kills.verify();
  }

  @Test
  void trafficOnOtherTablesLetsTheSlotMoveOn() throws Exception {
    LogKills kills = kills("noisy", "");
    server.executeIn(
        "noisy",
        "CREATE TABLE quiet (id int PRIMARY KEY)",
        "CREATE TABLE noise (filler text)",
        "INSERT INTO quiet VALUES (1)");
    kills.descriptor("public.noise");
    kills.runToTheEnd();
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
