package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.testing.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// pgbench's bank is copied while it works, by runs that are killed now and then: whoever looks at
/// the copy, at any moment, sees the sums of one commit of the source.
class JdbcBankIT {
  private static final long SECONDS = Long.getLong("tapline.bank.seconds", 20);
  private static final long SECONDS_TO_A_KILL = Long.getLong("tapline.bank.kill", 8);
  private static final int FEWEST_STATES = 6;
  private static final int ACCOUNTS = 10_000;
  private static final int CLIENTS = 3;
  private static final Map<String, String> KEYS =
      Map.of("pgbench_accounts", "aid", "pgbench_tellers", "tid", "pgbench_branches", "bid");

  @TempDir Path folder;

  @Test
  void theSumsAgreeAtEveryMoment() throws Exception {
    try (TestServer server = TestServer.start("wal_level = logical")) {
      server.execute("CREATE DATABASE bank", "CREATE DATABASE copy");
      fill(server);
      Files.writeString(
          folder.resolve("pipeline.yaml"),
          """
          source: {type: postgres, url: "%s"}
          method: LOG_BASED
          streams: [{table: "public.pgbench_*"}]
          sink: {type: jdbc, url: "jdbc:postgresql://127.0.0.1:%d/copy", user: postgres}
          engine: {checkpoint: {interval: 100ms}}
          """
              .formatted(server.url("bank"), server.port()));
      AtomicBoolean closing = new AtomicBoolean();
      AtomicLong transactions = new AtomicLong();
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int seed = i;
        clients.add(Thread.ofPlatform().start(() -> work(server, seed, closing, transactions)));
      }
      Process process = Distribution.start(folder, "run", "--continuous", "pipeline.yaml");
      int differing = 0;
      int kills = 0;
      int seen = 0;
      long last = 0;
      long began = System.nanoTime();
      try (Connection copy = server.connect("copy")) {
        copy.setAutoCommit(false);
        copy.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        long elapsed = 0;
        // A busy machine takes longer to come so far.
        while (elapsed < SECONDS
            || (elapsed < SECONDS * 8 && (kills == 0 || differing < FEWEST_STATES))) {
          elapsed = Duration.ofNanos(System.nanoTime() - began).toSeconds();
          if (elapsed >= (kills + 1) * SECONDS_TO_A_KILL && differing > seen) {
            process.destroyForcibly().waitFor();
            process = Distribution.start(folder, "run", "--continuous", "pipeline.yaml");
            kills++;
            seen = differing;
          }
          if (isThere(copy)) {
            long sum = number(copy, "SELECT sum(abalance) FROM public__pgbench_accounts");
            long tellers = number(copy, "SELECT sum(tbalance) FROM public__pgbench_tellers");
            long branches = number(copy, "SELECT sum(bbalance) FROM public__pgbench_branches");
            long history =
                number(copy, "SELECT coalesce(sum(delta), 0) FROM public__pgbench_history");
            assertThat(List.of(tellers, branches, history)).containsOnly(sum);
            differing += sum == last ? 0 : 1;
            last = sum;
          }
          copy.commit();
          Thread.sleep(20);
        }
      } finally {
        process.destroy();
        process.waitFor();
        closing.set(true);
        for (Thread client : clients) {
          client.join();
        }
      }
      System.out.printf(
          "%d transactions, %d kills, %d states seen%n", transactions.get(), kills, differing);
      assertThat(kills).isPositive();
      assertThat(differing).isGreaterThanOrEqualTo(FEWEST_STATES);
      Distribution.Result result = Distribution.run(folder, "run", "pipeline.yaml");
      assertThat(result.code()).as("%s", result).isZero();
      for (Map.Entry<String, String> table : KEYS.entrySet()) {
        String digest =
            "SELECT md5(string_agg(t::text, ',' ORDER BY %s)) FROM %%s t"
                .formatted(table.getValue());
        assertThat(server.valueIn("copy", digest.formatted("public__" + table.getKey())))
            .isEqualTo(server.valueIn("bank", digest.formatted(table.getKey())));
      }
      String history =
          "SELECT md5(string_agg(r, ',' ORDER BY r)) FROM"
              + " (SELECT (tid, bid, aid, delta, mtime, filler)::text r FROM %s) x";
      assertThat(server.valueIn("copy", history.formatted("public__pgbench_history")))
          .isEqualTo(server.valueIn("bank", history.formatted("pgbench_history")));
      assertThat(server.valueIn("bank", "SELECT count(*) FROM pgbench_history"))
          .isEqualTo(Long.toString(transactions.get()));
    }
  }

  // As `pgbench -i` does.
  private static void fill(TestServer server) {
    server.executeIn(
        "bank",
        "CREATE TABLE pgbench_branches (bid int PRIMARY KEY, bbalance int, filler char(88))",
        "CREATE TABLE pgbench_tellers (tid int PRIMARY KEY, bid int, tbalance int, filler char(84))",
        "CREATE TABLE pgbench_accounts (aid int PRIMARY KEY, bid int, abalance int, filler char(84))",
        "CREATE TABLE pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp,"
            + " filler char(22))",
        "INSERT INTO pgbench_branches VALUES (1, 0, '')",
        "INSERT INTO pgbench_tellers SELECT i, 1, 0, '' FROM generate_series(1, 10) i",
        "INSERT INTO pgbench_accounts SELECT i, 1, 0, '' FROM generate_series(1, "
            + ACCOUNTS
            + ") i");
  }

  // As pgbench does, TPC-B like.
  private static void work(
      TestServer server, int seed, AtomicBoolean closing, AtomicLong transactions) {
    Random random = new Random(seed);
    try (Connection connection = server.connect("bank")) {
      connection.setAutoCommit(false);
      while (!closing.get()) {
        int delta = random.nextInt(10_001) - 5_000;
        int account = 1 + random.nextInt(ACCOUNTS);
        int teller = 1 + random.nextInt(10);
        change(
            connection,
            "UPDATE pgbench_accounts SET abalance = abalance + ? WHERE aid = ?",
            delta,
            account);
        change(
            connection,
            "UPDATE pgbench_tellers SET tbalance = tbalance + ? WHERE tid = ?",
            delta,
            teller);
        change(
            connection,
            "UPDATE pgbench_branches SET bbalance = bbalance + ? WHERE bid = ?",
            delta,
            1);
        change(
            connection,
            "INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (?, 1, ?, ?, now())",
            teller,
            account,
            delta);
        connection.commit();
        transactions.incrementAndGet();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void change(Connection connection, String sql, int... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setInt(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }

  private static boolean isThere(Connection copy) throws SQLException {
    return number(
            copy,
            "SELECT count(*) FROM pg_class WHERE relname LIKE 'public\\_\\_pgbench\\_%'"
                + " AND relkind = 'r'")
        == 4;
  }

  private static long number(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
