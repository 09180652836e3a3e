package dev.tapline.source.postgres.replication.facts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.source.postgres.fixtures.Follower;
import dev.tapline.source.postgres.fixtures.LogDatabase;
import dev.tapline.source.postgres.testing.TestServer;
import dev.tapline.spi.TransientException;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.ChangeLog.Extent;
import dev.tapline.spi.source.Split;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Servers that went back, that were promoted, and that lost what they had not flushed.
class LogServerFactsTest {
  private static final String TABLE = "public.t";

  private static LogDatabase database(TestServer server) {
    return LogDatabase.at(server, "postgres", Map.of());
  }

  private static Follower moved(Follower from, LogDatabase to) {
    Follower moved = to.follower(TABLE);
    moved.state.putAll(from.state);
    moved.copies.putAll(from.copies);
    return moved;
  }

  @Test
  void aServerThatWasPutBackIsRefused() throws Exception {
    try (TestServer server = TestServer.start("wal_level = logical")) {
      LogDatabase database = database(server);
      database.execute("CREATE TABLE t (id int PRIMARY KEY)");
      try (Follower follower = database.follower(TABLE)) {
        follower.run();
        server.stop();
        try (TestServer.Backup backup = server.backUp()) {
          server.startUp();
          database.execute("INSERT INTO t SELECT generate_series(1, 1000)");
          try (Follower later = moved(follower, database)) {
            later.run();
            assertThat(later.copy(TABLE).lines()).hasSize(1000);
            server.stop();
            backup.putBack();
            server.startUp();
            try (Follower after = moved(later, database)) {
              assertThatThrownBy(after::run)
                  .hasMessageContaining("the server went back")
                  .hasMessageContaining("public.t was left at ")
                  .hasMessageContaining("runtime reset --all");
            }
          }
        }
      }
    }
  }

  @Test
  void aReadIsNotGoneOnWithWhenItsServerWasPutBackMeanwhile() throws Exception {
    try (TestServer server = TestServer.start("wal_level = logical")) {
      LogDatabase database = database(server);
      database.execute("CREATE TABLE t (id int PRIMARY KEY)");
      try (Follower follower = database.follower(TABLE)) {
        follower.run();
      }
      server.stop();
      try (TestServer.Backup backup = server.backUp();
          Follower follower = database.follower(TABLE)) {
        server.startUp();
        Split planned;
        try (BatchReader reader = follower.begin(Extent.CONTINUOUS)) {
          planned = follower.planned(Extent.CONTINUOUS);
          database.execute("INSERT INTO t SELECT generate_series(1, 1000)");
          follower.await(reader, 1000);
        }
        server.stop();
        backup.putBack();
        server.startUp();
        // As an engine does that has lost its connection.
        assertThatThrownBy(() -> openAgain(follower, planned))
            .hasMessageContaining("the server went back");
      }
    }
  }

  // Idle sessions find out one by one that their server was restarted.
  private static void openAgain(Follower follower, Split planned) throws Exception {
    while (true) {
      try {
        follower.pipeline.source.open(planned.from(follower.state)).close();
        return;
      } catch (TransientException e) {
        assertThat(e).hasMessageContaining("connection was lost");
      }
    }
  }

  @Test
  void anotherServerIsRefused() throws Exception {
    try (TestServer one = TestServer.start("wal_level = logical");
        TestServer other = TestServer.start("wal_level = logical")) {
      database(one).execute("CREATE TABLE t (id int PRIMARY KEY)");
      database(other).execute("CREATE TABLE t (id int PRIMARY KEY)");
      try (Follower follower = database(one).follower(TABLE)) {
        follower.run();
        try (Follower moved = moved(follower, database(other))) {
          assertThatThrownBy(moved::run)
              .hasMessageContaining("system identifier")
              .hasMessageContaining("another server");
        }
      }
    }
  }

  @Test
  void aStandbyThatLackedCommitsIsRefusedWhenItIsPromoted() throws Exception {
    try (TestServer primary = TestServer.start("wal_level = logical", "max_wal_senders = 5")) {
      LogDatabase database = database(primary);
      database.execute("CREATE TABLE t (id int PRIMARY KEY)");
      try (TestServer standby = TestServer.standbyOf(primary);
          Follower follower = database.follower(TABLE)) {
        primary.awaitReplayOn(standby);
        standby.stop();
        database.execute("INSERT INTO t SELECT generate_series(1, 1000)");
        follower.run();
        primary.stop();
        standby.startUp();
        standby.execute("SELECT pg_promote()");
        // Its log has grown beyond the place.
        standby.execute("CREATE TABLE more AS SELECT generate_series(1, 200000) i");
        try (Follower moved = moved(follower, database(standby))) {
          assertThatThrownBy(moved::run)
              .hasMessageContaining("is on timeline 2, which left that at")
              .hasMessageContaining("a standby that lacked commits was promoted");
        }
      }
    }
  }

  @Test
  void aStandbyThatHadEverythingGoesOnWhenItIsPromoted() throws Exception {
    try (TestServer primary = TestServer.start("wal_level = logical", "max_wal_senders = 5")) {
      LogDatabase database = database(primary);
      database.execute("CREATE TABLE t (id int PRIMARY KEY)");
      try (TestServer standby = TestServer.standbyOf(primary, "hot_standby_feedback = on");
          Follower follower = database.follower(TABLE)) {
        follower.run();
        Thread noted =
            Thread.ofVirtual()
                .start(() ->
                    database.execute("SELECT pg_sleep(1)", "SELECT pg_log_standby_snapshot()"));
        standby.execute(
            "SELECT pg_create_logical_replication_slot('tapline_postgres', 'pgoutput')");
        noted.join();
        database.execute("INSERT INTO t VALUES (1)");
        follower.run();
        database.execute("INSERT INTO t VALUES (2)");
        primary.awaitReplayOn(standby);
        primary.stop();
        standby.execute("SELECT pg_promote()");
        LogDatabase promoted = database(standby);
        promoted.execute("INSERT INTO t VALUES (3)");
        try (Follower moved = moved(follower, promoted)) {
          moved.run();
          assertThat(moved.renewals).isEmpty();
          assertThat(moved.copy(TABLE).lines()).containsExactly("1", "2", "3");
        }
      }
    }
  }

  @Test
  void whatACrashUndoesIsNotCopied() throws Exception {
    try (TestServer server =
        TestServer.start(
            "wal_level = logical",
            "synchronous_commit = off",
            "wal_writer_delay = 1s",
            "autovacuum = off")) {
      LogDatabase database =
          LogDatabase.at(server, "postgres", Map.of("publication", "everything"));
      database.execute(
          "CREATE TABLE a (id int PRIMARY KEY)",
          "CREATE TABLE t (id int PRIMARY KEY)",
          "CREATE PUBLICATION everything FOR ALL TABLES");
      for (int round = 0; round < 3; round++) {
        int from = round * 100;
        try (Follower follower = database.follower("public.a")) {
          follower.run();
          follower.join(TABLE);
          database.execute(
              "INSERT INTO t SELECT generate_series(%d, %d)".formatted(from, from + 30));
          follower.begin(Extent.UNTIL_NOW).close();
          server.stop();
          server.startUp();
          database.execute(
              "INSERT INTO t SELECT generate_series(%d, %d)".formatted(from + 40, from + 80),
              "CHECKPOINT");
          try (Follower after = moved(follower, database)) {
            after.run();
            assertThat(after.copy(TABLE).lines())
                .containsExactlyInAnyOrderElementsOf(database.values("SELECT id::text FROM t"));
          }
        }
      }
    }
  }
}
