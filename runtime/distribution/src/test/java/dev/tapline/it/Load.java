package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Changes tables all the while, in transactions of a few or of many rows over several tables:
/// inserts, updates that leave a large value alone, changed keys, deletes, truncates, savepoints
/// that are rolled back, whole transactions that are. It goes on through restarts of the server.
final class Load implements AutoCloseable {
  /// Tables with a key; `whole` has none, and its old rows are logged in full.
  static final List<String> TABLES = List.of("accounts", "whole", "scratch", "joined");

  private static final int IDS = 400;
  private static final int LARGE = 6_000;

  private final LogServer server;
  private final String database;
  private final Random random;
  private final int pauseMillis;
  private final Thread thread;
  private final AtomicLong transactions = new AtomicLong();
  private volatile boolean closing;
  private volatile @Nullable Throwable failure;
  private long next = IDS;

  Load(LogServer server, String database, long seed, int pauseMillis) {
    this.server = server;
    this.database = database;
    this.random = new Random(seed);
    this.pauseMillis = pauseMillis;
    create();
    thread = Thread.ofPlatform().name("load").start(this::work);
  }

  private void create() {
    for (String table : TABLES) {
      server.executeIn(
          database,
          "CREATE TABLE "
              + table
              + " (id bigint NOT NULL, version int NOT NULL, name text, large text)",
          "ALTER TABLE " + table + " ALTER large SET STORAGE EXTERNAL",
          table.equals("whole")
              ? "ALTER TABLE whole REPLICA IDENTITY FULL"
              : "ALTER TABLE " + table + " ADD PRIMARY KEY (id)",
          "INSERT INTO "
              + table
              + " SELECT i, 0, 'first', repeat('x', "
              + LARGE
              + ") FROM generate_series(0, "
              + (IDS - 1)
              + ") i");
    }
    server.executeIn(database, "CREATE TABLE noise (filler text)");
  }

  /// How many transactions have been committed.
  long transactions() {
    return transactions.get();
  }

  /// Waits until so many more transactions have been committed.
  void awaitMore(int count) throws InterruptedException {
    long enough = transactions() + count;
    long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (transactions() < enough) {
      assertThat(System.nanoTime()).as("the load goes on").isLessThan(deadline);
      Thread.sleep(10);
    }
  }

  private void work() {
    while (!closing) {
      try (Connection connection = server.connect(database)) {
        connection.setAutoCommit(false);
        while (!closing) {
          transaction(connection);
          if (pauseMillis > 0) {
            Thread.sleep(random.nextInt(pauseMillis * 2));
          }
        }
      } catch (SQLException e) {
        // The server is being restarted, or has cut the connection: that is part of the test.
        String state = String.valueOf(e.getSQLState());
        if (!state.startsWith("08") && !state.startsWith("57")) {
          failure = e;
          return;
        }
      } catch (InterruptedException e) {
        failure = e;
        return;
      }
    }
  }

  private void transaction(Connection connection) throws SQLException {
    int changes = random.nextInt(30) == 0 ? 500 : 1 + random.nextInt(12);
    for (int i = 0; i < changes; i++) {
      change(connection, TABLES.get(random.nextInt(TABLES.size())));
    }
    if (random.nextInt(10) == 0) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("SAVEPOINT s");
        change(connection, "accounts");
        statement.execute("ROLLBACK TO s");
        statement.execute("INSERT INTO noise SELECT repeat('n', 100) FROM generate_series(1, 20)");
      }
    }
    if (random.nextInt(12) == 0) {
      connection.rollback();
    } else {
      connection.commit();
      transactions.incrementAndGet();
    }
  }

  private void change(Connection connection, String table) throws SQLException {
    int kind = random.nextInt(100);
    long some = random.nextLong(next);
    if (table.equals("scratch") && random.nextInt(200) == 0) {
      execute(connection, "TRUNCATE scratch");
    } else if (kind < 40) {
      execute(
          connection,
          "INSERT INTO "
              + table
              + " VALUES (?, 1, 'n' || ?::text, repeat('y', "
              + (kind < 10 ? LARGE : 10)
              + "))",
          next,
          next);
      next++;
    } else if (kind < 75) {
      // The large value is left alone.
      execute(connection, "UPDATE " + table + " SET version = version + 1 WHERE id = ?", some);
    } else if (kind < 80) {
      execute(
          connection,
          "UPDATE " + table + " SET large = repeat('z', " + LARGE + "), name = NULL WHERE id = ?",
          some);
    } else if (kind < 85) {
      execute(connection, "UPDATE " + table + " SET id = ? WHERE id = ?", next++, some);
    } else {
      execute(connection, "DELETE FROM " + table + " WHERE id = ?", some);
    }
  }

  private static void execute(Connection connection, String sql, long... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setLong(i + 1, values[i]);
      }
      statement.execute();
    }
  }

  /// Ends it, once the transaction at hand is over.
  @Override
  public void close() {
    closing = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Throwable reason = failure;
    if (reason != null) {
      throw new AssertionError("the load failed", reason);
    }
  }
}
