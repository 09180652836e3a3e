package dev.tapline.source.postgres.replication.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.source.postgres.fixtures.Follower;
import dev.tapline.source.postgres.fixtures.LogDatabase;
import dev.tapline.source.postgres.testing.SharedServer;
import dev.tapline.source.postgres.testing.TestServer;
import dev.tapline.spi.Position;
import dev.tapline.spi.TransientException;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.ChangeLog.Extent;
import dev.tapline.spi.source.Lag;
import dev.tapline.spi.source.Slot;
import dev.tapline.spi.source.Split;
import dev.tapline.spi.source.StreamPosition;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogSlotTest {
  private final TestServer server = SharedServer.get();
  private String name = "";
  private LogDatabase database;

  @BeforeEach
  void createDatabase() {
    name = SharedServer.database();
    database = LogDatabase.at(server, name, Map.of());
    database.execute("CREATE TABLE t (id int PRIMARY KEY)", "CREATE TABLE other (id int)");
  }

  private String slot() {
    return "tapline_" + name;
  }

  private long confirmed() {
    return Long.parseLong(
        database.value(
            "SELECT confirmed_flush_lsn - '0/0'::pg_lsn FROM pg_replication_slots WHERE slot_name = '%s'"
                .formatted(slot())));
  }

  @Test
  void aSlotIsMadeAndListedAndDropped() throws Exception {
    try (Follower follower = database.follower("public.t")) {
      follower.run();
      Slot slot = follower.pipeline.source.slots().getFirst();
      assertThat(slot.name()).isEqualTo(slot());
      assertThat(slot.database()).isEqualTo(name);
      assertThat(slot.plugin()).isEqualTo("pgoutput");
      assertThat(slot.own()).isTrue();
      assertThat(slot.confirmed()).contains("/");
      assertThat(slot.status()).isEqualTo("reserved");
      assertThat(slot.heldBytes()).isPresent();
      try (BatchReader reader = follower.begin(Extent.CONTINUOUS)) {
        reader.poll(Duration.ofMillis(10));
        assertThat(follower.pipeline.source.slots().getFirst().activePid()).isPresent();
        assertThatThrownBy(() -> follower.pipeline.source.dropSlot(slot()))
            .hasMessageContaining(slot())
            .hasMessageContaining("active");
      }
      awaitFree(follower);
      follower.pipeline.source.dropSlot(slot());
      assertThat(follower.pipeline.source.slots()).isEmpty();
    }
  }

  @Test
  void namesThatASlotCannotHaveAreMadeSafe() throws Exception {
    server.execute("CREATE DATABASE \"Süd-\"\"1\"");
    LogDatabase odd =
        new LogDatabase(
            "",
            "jdbc:postgresql://127.0.0.1:%d/S%%C3%%BCd-%%221?user=postgres"
                .formatted(server.port()),
            Map.of(
                "host", "127.0.0.1",
                "port", (long) server.port(),
                "user", "postgres",
                "database", "Süd-\"1"));
    odd.execute("CREATE TABLE t (id int PRIMARY KEY)");
    try (Follower follower = odd.follower("public.t")) {
      follower.run();
      odd.execute("INSERT INTO t VALUES (1)");
      follower.run();
      assertThat(follower.changes).containsExactly("INSERT t id=1");
      assertThat(
              odd.value(
                  "SELECT slot_name FROM pg_replication_slots WHERE database = current_database()"))
          .isEqualTo("tapline_s_d__1");
    }
  }

  @Test
  void aMissingSlotIsNotMadeUnasked() throws Exception {
    try (Follower follower =
        new Follower(database.with(Map.of("create-slot", false)), "public.t")) {
      assertThatThrownBy(follower::run)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("create-slot is false")
          .hasMessageContaining(
              "SELECT pg_create_logical_replication_slot('" + slot() + "', 'pgoutput');");
    }
  }

  // Neither what is read on beyond what was said to be safe, nor what a stream needs that is left
  // out.
  @Test
  void theSlotMovesOnlyAsFarAsWasSaid() throws Exception {
    try (Follower follower = database.follower("public.t", "public.other")) {
      database.execute("ALTER DATABASE %s SET wal_sender_timeout = '1s'".formatted(name));
      follower.run();
      awaitFree(follower);
      List<StreamPosition> before = streamPositions(follower, follower.state);
      long confirmed = confirmed();
      database.execute("INSERT INTO t VALUES (1)", "INSERT INTO other VALUES (1)");
      Map<StreamName, Position> further = readOn(follower, before, List.of());
      assertThat(confirmed()).isEqualTo(confirmed);
      List<StreamPosition> after = streamPositions(follower, further);

      readOn(follower, after, List.of());

      assertThat(confirmed()).as("nothing was said").isEqualTo(confirmed);

      readOn(follower, after.subList(0, 1), before.subList(1, 2));

      assertThat(confirmed()).as("one is left out").isEqualTo(confirmed);
    }
  }

  private static List<StreamPosition> streamPositions(
      Follower follower, Map<StreamName, Position> positions) throws IOException {
    return follower.streams().stream()
        .map(stream -> new StreamPosition(stream, positions.get(stream.name())))
        .toList();
  }

  /// Reads what there is, until the server has been told twice how far that is, and says of nothing
  /// that it is safe.
  private Map<StreamName, Position> readOn(
      Follower follower, List<StreamPosition> streams, List<StreamPosition> absent)
      throws Exception {
    Map<StreamName, Position> positions = new HashMap<>();
    follower.pipeline.source.retain(streams, absent);
    Split split = follower.pipeline.source.follow(streams, absent, Extent.CONTINUOUS).getFirst();
    Set<String> told = new HashSet<>();
    try (BatchReader reader = follower.pipeline.source.open(split)) {
      for (int i = 0; told.size() < 4; i++) {
        assertThat(i).as("the server is told").isLessThan(200);
        reader.poll(Duration.ofMillis(100));
        positions.putAll(reader.positions());
        told.add(
            database.value(
                "SELECT coalesce(max(reply_time)::text, '') FROM pg_stat_replication JOIN pg_replication_slots ON active_pid = pid WHERE slot_name = '%s'"
                    .formatted(slot())));
      }
    }
    awaitFree(follower);
    return positions;
  }

  // The server takes a moment to notice that the reader is gone.
  private static void awaitFree(Follower follower) throws Exception {
    for (int i = 0; follower.pipeline.source.slots().getFirst().activePid().isPresent(); i++) {
      assertThat(i).as("the slot is still active").isLessThan(100);
      Thread.sleep(50);
    }
  }

  @Test
  void aSlotThatIsGoneIsNeverMadeAgainBehindTheUsersBack() throws Exception {
    try (Follower follower = database.follower("public.t")) {
      follower.run();
      awaitFree(follower);
      database.execute("SELECT pg_drop_replication_slot('%s')".formatted(slot()));
      assertThatThrownBy(follower::run)
          .hasMessageContaining(slot() + "' is gone")
          .hasMessageContaining("public.t")
          .hasMessageContaining("runtime reset");
    }
  }

  @Test
  void aSlotThatWasMovedOrMadeAnewIsRefused() throws Exception {
    try (Follower follower = database.follower("public.t")) {
      follower.run();
      database.execute(
          "INSERT INTO t VALUES (1)",
          "SELECT pg_replication_slot_advance('%s', pg_current_wal_lsn())".formatted(slot()));
      assertThatThrownBy(follower::run)
          .hasMessageContaining("was moved to")
          .hasMessageContaining("public.t was left at")
          .hasMessageContaining("runtime reset");
    }
  }

  @Test
  void aStateAheadOfTheSlotIsNormal() throws Exception {
    try (Follower follower = database.follower("public.t")) {
      follower.run();
      database.execute("INSERT INTO t VALUES (1)");
      try (BatchReader reader = follower.begin(Extent.UNTIL_NOW)) {
        while (!reader.finished()) {
          reader.poll(Duration.ofMillis(200));
        }
        // A crash between the state and the slot.
        follower.state.putAll(reader.positions());
      }
      database.execute("INSERT INTO t VALUES (2)");
      follower.run();
      assertThat(follower.changes).containsExactly("INSERT t id=2");
    }
  }

  @Test
  void aSlotOfAnotherPlugInDatabaseOrKindIsRefused() throws Exception {
    database.execute(
        "SELECT pg_create_logical_replication_slot('%s_test', 'test_decoding')".formatted(name),
        "SELECT pg_create_logical_replication_slot('%s_pg', 'pgoutput')".formatted(name),
        "SELECT pg_create_physical_replication_slot('%s_physical')".formatted(name));
    refused(Map.of("slot", name + "_test"), "'test_decoding'", "only pgoutput and wal2json");
    refused(
        Map.of("slot", name + "_pg", "plugin", "wal2json"),
        "'pgoutput'",
        "source.plugin says 'wal2json'");
    refused(Map.of("slot", name + "_physical"), "physical");
    LogDatabase other = LogDatabase.at(server, SharedServer.database(), Map.of());
    other.execute("CREATE TABLE t (id int PRIMARY KEY)");
    try (Follower follower = new Follower(other.with(Map.of("slot", name + "_pg")), "public.t")) {
      assertThatThrownBy(follower::run).hasMessageContaining("belongs to database '" + name + "'");
    }
  }

  private void refused(Map<String, Object> settings, String... parts) throws Exception {
    try (Follower follower = new Follower(database.with(settings), "public.t")) {
      assertThatThrownBy(follower::run).isInstanceOf(IOException.class).message().contains(parts);
    }
  }

  @Test
  void aSlotInUseIsToldWithItsReader() throws Exception {
    try (Follower one = database.follower("public.t");
        Follower two = database.follower("public.t")) {
      one.run();
      two.state.putAll(one.state);
      try (BatchReader reader = one.begin(Extent.CONTINUOUS)) {
        reader.poll(Duration.ofMillis(10));
        assertThatThrownBy(two::run)
            .isNotInstanceOf(TransientException.class)
            .hasMessageContaining("active for PID")
            .hasMessageContaining("source.slot");
      }
    }
  }

  @Test
  void trafficOnOtherTablesMovesTheSlotAndTheRunEnds() throws Exception {
    try (Follower follower = database.follower("public.t")) {
      follower.run();
      long before = confirmed();
      database.execute("INSERT INTO other SELECT generate_series(1, 100000)");
      follower.run();
      assertThat(follower.changes).isEmpty();
      // The server takes note of it when its process next looks at what was sent.
      long deadline = System.nanoTime() + 20_000_000_000L;
      while (confirmed() - before < 5_000_000) {
        assertThat(System.nanoTime()).as("the slot has not moved").isLessThan(deadline);
      }
    }
  }

  @Test
  void anIdleSlotMovesWithTheTrafficNextDoorAndAHeartbeatMovesItToo() throws Exception {
    try (Follower follower =
        new Follower(database.with(Map.of("heartbeat", "200ms")), "public.t")) {
      follower.run();
      database.execute(
          "SELECT pg_create_logical_replication_slot('%s_seen', 'test_decoding')".formatted(name));
      long before = confirmed();
      try (BatchReader reader = follower.begin(Extent.CONTINUOUS)) {
        server.execute(
            "CREATE TABLE next_door_%s AS SELECT generate_series(1, 1000)".formatted(name));
        for (int i = 0; confirmed() == before; i++) {
          assertThat(i).isLessThan(100);
          follower.step(reader);
        }
        for (int beats = 0; beats < 2; beats++) {
          long reached = confirmed();
          for (int i = 0; confirmed() == reached; i++) {
            assertThat(i).isLessThan(100);
            follower.step(reader);
          }
        }
        // The server writes now and then by itself; these are ours.
        for (int i = 0; heartbeats() < 2; i++) {
          assertThat(i).isLessThan(100);
          follower.step(reader);
        }
      }
    }
  }

  private int heartbeats() {
    return Integer.parseInt(
        database.value(
            "SELECT count(*) FROM pg_logical_slot_peek_changes('%s_seen', NULL, NULL) WHERE data LIKE '%%prefix: tapline%%heartbeat'"
                .formatted(name)));
  }

  @Test
  void aSinkThatIsSlowerThanTheServersPatienceDoesNotLoseTheConnection() throws Exception {
    server.execute("ALTER DATABASE %s SET wal_sender_timeout = '1s'".formatted(name));
    try (Follower follower = database.follower("public.t");
        BatchReader reader = follower.begin(Extent.CONTINUOUS)) {
      database.execute("INSERT INTO t SELECT generate_series(1, 50000)");
      Optional<Batch> first = Optional.empty();
      while (first.isEmpty()) {
        first = reader.poll(Duration.ofMillis(200));
      }
      int rows = first.get().rows();
      Thread.sleep(3_000);
      while (rows < 50_000) {
        rows += reader.poll(Duration.ofSeconds(5)).map(Batch::rows).orElse(0);
      }
      assertThat(rows).isEqualTo(50_000);
    }
  }

  @Test
  void aChangeArrivesWithinFiftyMilliseconds() throws Exception {
    try (Follower follower = database.follower("public.t");
        BatchReader reader = follower.begin(Extent.CONTINUOUS)) {
      reader.poll(Duration.ofMillis(300));
      long best = Long.MAX_VALUE;
      for (int i = 0; i < 5; i++) {
        database.execute("INSERT INTO t VALUES (%d)".formatted(i));
        long committed = System.nanoTime();
        while (reader.poll(Duration.ofSeconds(2)).isEmpty()) {
          assertThat(System.nanoTime() - committed).isLessThan(10_000_000_000L);
        }
        best = Math.min(best, System.nanoTime() - committed);
      }
      assertThat(Duration.ofNanos(best)).isLessThan(Duration.ofMillis(50));
    }
  }

  @Test
  void theLagIsKnownInBytesAndTime() throws Exception {
    try (Follower follower = database.follower("public.t");
        BatchReader reader = follower.begin(Extent.CONTINUOUS)) {
      database.execute("INSERT INTO t VALUES (1)");
      follower.await(reader, 1);
      database.execute("INSERT INTO t SELECT generate_series(2, 20000)");
      Optional<Lag> lag = Optional.empty();
      for (int i = 0; i < 60 && lag.map(Lag::bytes).orElse(0L) < 100_000; i++) {
        Thread.sleep(100);
        lag = reader.lag();
      }
      assertThat(lag)
          .get()
          .satisfies(it -> {
            assertThat(it.bytes()).isGreaterThan(100_000);
            assertThat(it.time()).isPositive();
          });
      follower.await(reader, 20_000);
      for (int i = 0; i < 60 && reader.lag().orElseThrow().bytes() > 0; i++) {
        follower.step(reader);
      }
      assertThat(reader.lag().orElseThrow()).isEqualTo(new Lag(0, Duration.ZERO));
    }
  }

  @Test
  void aStreamThatARunLeavesOutHoldsTheSlot() throws Exception {
    database.execute("CREATE TABLE u (id int PRIMARY KEY)");
    try (Follower follower = database.follower("public.t", "public.u")) {
      follower.run();
      database.execute("INSERT INTO t VALUES (1)", "INSERT INTO u VALUES (1)");
      var streams = follower.streams();
      Position held = follower.state.get(streams.get(1).name());
      var splits =
          follower.pipeline.source.follow(
              List.of(
                  new StreamPosition(streams.get(0), follower.state.get(streams.get(0).name()))),
              List.of(new StreamPosition(streams.get(1), held)),
              Extent.UNTIL_NOW);
      try (BatchReader reader = follower.pipeline.source.open(splits.getFirst())) {
        follower.drain(reader);
      }
      assertThat(follower.changes).containsExactly("INSERT t id=1");
      follower.run();
      assertThat(follower.changes).containsExactly("INSERT t id=1", "INSERT u id=1");
    }
  }

  @Test
  void closingEndsAPollThatWaits() throws Exception {
    try (Follower follower = database.follower("public.t")) {
      BatchReader reader = follower.begin(Extent.CONTINUOUS);
      Thread closer =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  Thread.sleep(300);
                  reader.close();
                } catch (IOException | InterruptedException e) {
                  throw new AssertionError(e);
                }
              });
      long begin = System.nanoTime();
      assertThatThrownBy(
              () -> {
                while (true) {
                  reader.poll(Duration.ofSeconds(30));
                }
              })
          .isInstanceOf(IOException.class)
          .hasMessageContaining("closed");
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
      closer.join();
    }
  }
}
