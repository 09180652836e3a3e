package dev.tapline.source.postgres.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.source.postgres.fixtures.BackgroundWriters;
import dev.tapline.source.postgres.fixtures.Follower;
import dev.tapline.source.postgres.fixtures.LogDatabase;
import dev.tapline.source.postgres.testing.SharedServer;
import dev.tapline.spi.Position;
import dev.tapline.spi.TransientException;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.ChangeLog.Extent;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Others write all the while; at the end the copies must equal the tables.
class LogExactlyOnceTest {
  private static final int WRITERS = 3;
  private static final int KEYS = 200;

  private LogDatabase database;
  private final AtomicBoolean stop = new AtomicBoolean();
  private final Random random = new Random(42);

  @BeforeEach
  void createDatabase() {
    database =
        LogDatabase.at(SharedServer.get(), SharedServer.database(), Map.of("plugin", "pgoutput"));
    for (String table : List.of("a", "b", "c")) {
      database.execute(
          "CREATE TABLE %s (id int PRIMARY KEY, v bigint, filler text)".formatted(table),
          "INSERT INTO %s SELECT i, 0, repeat('x', i) FROM generate_series(1, 100) i"
              .formatted(table));
    }
  }

  // Each writer has keys of its own, so that none waits for another.
  private void write(int writer) throws Exception {
    Random dice = new Random(writer);
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      while (!stop.get()) {
        statement.execute("BEGIN");
        int changes = 1 + dice.nextInt(20);
        for (int i = 0; i < changes; i++) {
          statement.execute(change(dice, writer));
        }
        if (dice.nextInt(10) == 0) {
          Thread.sleep(dice.nextInt(100));
        }
        statement.execute(dice.nextInt(20) == 0 ? "ROLLBACK" : "COMMIT");
      }
    }
  }

  private static String change(Random dice, int writer) {
    String table = List.of("a", "b", "c").get(dice.nextInt(3));
    int key = 1_000 * (writer + 1) + dice.nextInt(KEYS);
    return switch (dice.nextInt(4)) {
      case 0 -> "DELETE FROM %s WHERE id = %d".formatted(table, key);
      case 1 ->
          "UPDATE %s SET id = %d WHERE id = %d AND NOT EXISTS (SELECT 1 FROM %1$s WHERE id = %2$d)"
              .formatted(table, key + KEYS, key);
      default ->
          "INSERT INTO %s VALUES (%d, %d, 'w') ON CONFLICT (id) DO UPDATE SET v = excluded.v"
              .formatted(table, key, dice.nextLong());
    };
  }

  private void under(BackgroundWriters.Load load) throws Exception {
    List<Callable<Void>> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      int writer = i;
      writers.add(() -> {
        write(writer);
        return null;
      });
    }
    BackgroundWriters.during(stop, writers, load);
  }

  private void assertEqual(Follower follower, String... tables) {
    for (String table : tables) {
      assertThat(follower.copy("public." + table).lines())
          .as(table)
          .isEqualTo(
              database.values("SELECT concat_ws('|', id, v, filler) FROM " + table).stream()
                  .sorted()
                  .toList());
    }
  }

  @Test
  void copiesMadeUnderLoadMeetTheLog() throws Exception {
    try (Follower follower = database.follower("public.a", "public.b", "public.c")) {
      under(() -> {
        Thread.sleep(200);
        for (int i = 0; i < 5; i++) {
          follower.run();
        }
      });
      follower.run();
      assertThat(follower.changes).hasSizeGreaterThan(100);
      assertEqual(follower, "a", "b", "c");
    }
  }

  @Test
  void tablesThatJoinOrAreResetMeetTheLogWhileTheOthersGoOn() throws Exception {
    try (Follower follower = database.follower("public.a")) {
      under(() -> {
        follower.run();
        for (String next : List.of("public.b", "public.c")) {
          Thread.sleep(150);
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
      assertEqual(follower, "a", "b", "c");
    }
  }

  @Test
  void aSlotThatWasMadeBeforehandServesAsWell() throws Exception {
    database.execute(
        "CREATE PUBLICATION by_hand FOR TABLE a, b, c",
        "SELECT pg_create_logical_replication_slot('by_hand_' || current_database(), 'pgoutput')");
    Map<String, Object> settings =
        database.with(
            Map.of(
                "slot",
                "by_hand_" + database.value("SELECT current_database()"),
                "publication",
                "by_hand"));
    try (Follower follower = new Follower(settings, "public.a", "public.b", "public.c")) {
      under(() -> {
        Thread.sleep(300);
        follower.run();
        follower.run();
      });
      follower.run();
      assertEqual(follower, "a", "b", "c");
    }
  }

  @Test
  void readersThatAreKilledAtAnyTimeLoseAndRepeatNothing() throws Exception {
    try (Follower follower = database.follower("public.a", "public.b", "public.c")) {
      under(() -> {
        for (int i = 0; i < 25; i++) {
          attempt(follower, i);
        }
      });
      follower.run();
      assertThat(follower.changes).hasSizeGreaterThan(100);
      assertEqual(follower, "a", "b", "c");
    }
  }

  // Ends as a kill does, or by the server's hand.
  private void attempt(Follower follower, int number) throws Exception {
    long until = System.nanoTime() + random.nextInt(150) * 1_000_000L;
    BatchReader reader = follower.begin(Extent.CONTINUOUS);
    try (reader) {
      boolean cut = false;
      while (System.nanoTime() < until) {
        if (number % 3 == 0 && !cut) {
          cut = true;
          database.execute(
              "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active AND database = current_database()");
        }
        follower.step(reader);
      }
    } catch (TransientException e) {
      assertThat(number % 3).as("%s", e).isZero();
    }
    follower.forget();
  }

  @Test
  void aConfirmationThatComesTooLateLeavesItToTheReaderToSayWhy() throws Exception {
    try (Follower follower = database.follower("public.a")) {
      follower.run();
      try (BatchReader reader = follower.begin(Extent.CONTINUOUS)) {
        database.execute("INSERT INTO a VALUES (500, 1, 'one')");
        while (reader.poll(java.time.Duration.ofMillis(200)).isEmpty()) {
          assertThat(reader.finished()).isFalse();
        }
        Map<StreamName, Position> positions = reader.positions();
        database.execute(
            "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active AND database = current_database()");
        Thread.sleep(1_000); // the thread that reads ahead has heard of it by now

        reader.acknowledge(positions);

        assertThatThrownBy(
                () -> {
                  while (true) {
                    reader.poll(java.time.Duration.ofMillis(200));
                  }
                })
            .isInstanceOf(TransientException.class)
            .hasMessageContaining("the connection was lost");
      }
    }
  }

  @Test
  void whatWasReadAndNotTakenOverComesAgain() throws Exception {
    try (Follower follower = database.follower("public.a")) {
      follower.run();
      database.execute("INSERT INTO a VALUES (500, 1, 'one')");
      try (BatchReader reader = follower.begin(Extent.UNTIL_NOW)) {
        while (!reader.finished()) {
          reader.poll(java.time.Duration.ofMillis(200));
        }
      }
      database.execute("INSERT INTO a VALUES (501, 2, 'two')");
      follower.run();
      assertThat(follower.changes)
          .containsExactly("INSERT a id=500 v=1 filler=one", "INSERT a id=501 v=2 filler=two");
    }
  }

  @Test
  void theSlotMovesOnlyWithWhatIsTakenOverOfEveryStream() throws IOException, InterruptedException {
    try (Follower follower = database.follower("public.a", "public.b")) {
      follower.run();
      String before = confirmed();
      database.execute("INSERT INTO a VALUES (500, 1, 'one')");
      try (BatchReader reader = follower.begin(Extent.UNTIL_NOW)) {
        while (!reader.finished()) {
          reader.poll(java.time.Duration.ofMillis(200));
        }
        assertThat(confirmed()).isEqualTo(before);
      }
      follower.run();
      assertThat(confirmed()).isNotEqualTo(before);
    }
  }

  private String confirmed() {
    return database.value(
        "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE database = current_database()");
  }
}
