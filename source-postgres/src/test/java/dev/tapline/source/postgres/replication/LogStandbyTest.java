package dev.tapline.source.postgres.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.source.postgres.fixtures.BackgroundWriters;
import dev.tapline.source.postgres.fixtures.Follower;
import dev.tapline.source.postgres.fixtures.LogDatabase;
import dev.tapline.source.postgres.testing.TestServer;
import dev.tapline.spi.catalog.Finding;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The log is read from a standby; others write to its primary.
class LogStandbyTest {
  private static final List<String> TABLES = List.of("a", "b", "c");
  private static final int WRITERS = 3;
  private static TestServer primary;
  private static TestServer standby;
  private static int databases;

  private final AtomicBoolean stop = new AtomicBoolean();
  private LogDatabase source;
  private LogDatabase database;

  @BeforeAll
  static void start() throws InterruptedException {
    primary = TestServer.start("wal_level = logical");
    standby =
        TestServer.standbyOf(
            primary, "hot_standby_feedback = on", "wal_receiver_status_interval = 1s");
    // Until then the primary removes what the standby's queries may still need.
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (!primary.value("SELECT count(backend_xmin) FROM pg_stat_replication").equals("1")) {
      assertThat(System.nanoTime()).as("the standby gives no feedback").isLessThan(deadline);
      Thread.sleep(100);
    }
  }

  @AfterAll
  static void stop() {
    standby.close();
    primary.close();
  }

  @BeforeEach
  void createDatabase() {
    String name = "log_" + ++databases;
    primary.execute("CREATE DATABASE " + name);
    source = LogDatabase.at(primary, name, Map.of());
    for (String table : TABLES) {
      source.execute(
          "CREATE TABLE %s (id int PRIMARY KEY, v bigint)".formatted(table),
          "INSERT INTO %s SELECT i, 0 FROM generate_series(1, 500) i".formatted(table));
    }
    source.execute("CREATE PUBLICATION by_hand FOR ALL TABLES");
    primary.awaitReplayOn(standby);
    database = LogDatabase.at(standby, name, Map.of("publication", "by_hand"));
  }

  /// Meanwhile transactions overlap in every way.
  private void under(BackgroundWriters.Load load) throws Exception {
    List<Callable<Void>> others = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      int writer = i;
      others.add(() -> {
        write(writer);
        return null;
      });
    }
    others.add(() -> {
      note();
      return null;
    });
    BackgroundWriters.during(stop, others, load);
    primary.awaitReplayOn(standby);
  }

  // Each writer has keys of its own, so that none waits for another.
  private void write(int writer) throws SQLException, InterruptedException {
    Random dice = new Random(writer);
    try (Connection connection = source.connect();
        Statement statement = connection.createStatement()) {
      while (!stop.get()) {
        statement.execute("BEGIN");
        for (int i = dice.nextInt(20); i >= 0; i--) {
          String table = TABLES.get(dice.nextInt(TABLES.size()));
          int key = 1_000 * (writer + 1) + dice.nextInt(200);
          statement.execute(
              dice.nextInt(4) == 0
                  ? "DELETE FROM %s WHERE id = %d".formatted(table, key)
                  : "INSERT INTO %s VALUES (%d, %d) ON CONFLICT (id) DO UPDATE SET v = excluded.v"
                      .formatted(table, key, dice.nextLong()));
        }
        if (dice.nextInt(5) == 0) {
          Thread.sleep(dice.nextInt(100));
        }
        statement.execute(dice.nextInt(20) == 0 ? "ROLLBACK" : "COMMIT");
      }
    }
  }

  // What a primary does by itself every 15 seconds.
  private void note() throws SQLException, InterruptedException {
    try (Connection connection = primary.connect();
        Statement statement = connection.createStatement()) {
      while (!stop.get()) {
        statement.execute("SELECT pg_log_standby_snapshot()");
        Thread.sleep(50);
      }
    }
  }

  private void assertEqual(Follower follower, List<String> tables) {
    for (String table : tables) {
      assertThat(follower.copy("public." + table).lines())
          .as(table)
          .isEqualTo(
              source.values("SELECT concat_ws('|', id, v) FROM " + table).stream()
                  .sorted()
                  .toList());
    }
  }

  @Test
  void copiesOfAStandbyMadeUnderLoadMeetItsLog() throws Exception {
    try (Follower follower = database.follower("public.a", "public.b", "public.c")) {
      under(() -> {
        Thread.sleep(200);
        for (int i = 0; i < 4; i++) {
          follower.run();
        }
      });
      follower.run();
      assertThat(follower.changes).hasSizeGreaterThan(100);
      assertEqual(follower, TABLES);
      assertThat(standby.value("SELECT count(*) FROM pg_replication_slots WHERE temporary"))
          .isEqualTo("0");
    }
  }

  @Test
  void tablesThatJoinOrAreResetMeetTheStandbysLogWhileTheOthersGoOn() throws Exception {
    try (Follower follower = database.follower("public.a")) {
      under(() -> {
        follower.run();
        for (String next : List.of("public.b", "public.c")) {
          follower.join(next);
          follower.run();
        }
        for (int i = 0; i < 4; i++) {
          follower.state.keySet().removeIf(name -> name.name().equals("b"));
          follower.places.removeIf(place -> place.startsWith("public.b "));
          follower.run();
        }
      });
      follower.run();
      assertEqual(follower, TABLES);
    }
  }

  @Test
  void theSlotIsTheStandbysOwnAndTheCheckFindsNothingWrong() throws Exception {
    try (Follower follower = database.follower("public.a")) {
      under(follower::run);
      assertThat(follower.pipeline.source.slots()).hasSize(1);
      assertThat(source.values("SELECT slot_name FROM pg_replication_slots")).isEmpty();
      assertThat(follower.pipeline.source.check(follower.streams()))
          .filteredOn(finding -> finding.severity() == Finding.Severity.ERROR)
          .isEmpty();
    }
  }

  @Test
  void whatOnlyThePrimaryCanWriteIsRefusedWithTheRemedy() throws Exception {
    try (Follower follower = new Follower(database.with(Map.of("heartbeat", "1s")), "public.a")) {
      assertThatThrownBy(follower::run)
          .hasMessageContainingAll("on a standby", "take heartbeat out");
    }
    try (Follower follower =
        new Follower(database.with(Map.of("publication", "missing")), "public.a")) {
      assertThatThrownBy(follower::run)
          .hasMessageContainingAll("on the primary: CREATE PUBLICATION \"missing\"");
    }
  }

  @Test
  void aSlotOfThePrimaryIsCarriedOverToStandbysWhenThatIsAskedFor() throws Exception {
    String failover =
        "SELECT failover::text FROM pg_replication_slots WHERE database = current_database()";
    LogDatabase plain =
        LogDatabase.at(primary, source.value("SELECT current_database()"), Map.of());
    try (Follower follower = plain.follower("public.a")) {
      follower.run();
      assertThat(source.value(failover)).isEqualTo("false");
      follower.pipeline.source.dropSlot(source.value("SELECT slot_name FROM pg_replication_slots"));
    }
    try (Follower follower = new Follower(plain.with(Map.of("failover", true)), "public.a")) {
      follower.run();
      assertThat(source.value(failover)).isEqualTo("true");
      source.execute("INSERT INTO a VALUES (5000, 1)");
      follower.run();
      assertThat(follower.changes).containsExactly("INSERT a id=5000 v=1");
      follower.pipeline.source.dropSlot(source.value("SELECT slot_name FROM pg_replication_slots"));
    }
  }
}
