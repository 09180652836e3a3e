package dev.tapline.source.postgres.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.fixtures.Follower;
import dev.tapline.source.postgres.fixtures.LogDatabase;
import dev.tapline.spi.source.ChangeLog.Extent;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// How the log is met: by tables that join, are made anew, or find a slot that was there before.
abstract class AbstractLogStart {
  protected LogDatabase database;

  /// A database of the test's own.
  abstract LogDatabase createDatabase() throws Exception;

  @BeforeEach
  void takeDatabase() throws Exception {
    database = createDatabase();
  }

  final void given(String... statements) {
    database.execute(statements);
  }

  @Test
  void aJoiningTableMeetsTheLogExactly() throws Exception {
    given(
        "CREATE TABLE a (id int PRIMARY KEY, v int)",
        "CREATE TABLE b (id int PRIMARY KEY, v int)",
        "INSERT INTO b VALUES (1, 1)");
    try (Follower follower = database.follower("public.a")) {
      follower.run();
      given("INSERT INTO a VALUES (1, 1)", "INSERT INTO b VALUES (2, 2)");
      follower.join("public.b");
      follower.run();
      given("UPDATE b SET v = 3", "INSERT INTO a VALUES (2, 2)");
      follower.run();
      assertThat(follower.copy("public.a").lines()).containsExactly("1|1", "2|2");
      assertThat(follower.copy("public.b").lines()).containsExactly("1|3", "2|3");
    }
  }

  @Test
  void aTableMadeAnewIsCopiedAnew() throws Exception {
    given("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
    try (Follower follower = database.follower("public.t")) {
      follower.run();
      given(
          "INSERT INTO t VALUES (2)",
          "DROP TABLE t",
          "CREATE TABLE t (id int PRIMARY KEY, a int)",
          "INSERT INTO t VALUES (1, 10)");
      follower.run();
      given("INSERT INTO t VALUES (3, 30)");
      follower.run();
      assertThat(follower.failures).isEmpty();
      assertThat(follower.copy("public.t").lines()).containsExactly("1|10", "3|30");
    }
  }

  @Test
  void aTableWithoutAKeyThatJoinsLaterLetsTheOthersGoOn() throws Exception {
    given("CREATE TABLE keyed (id int PRIMARY KEY)", "CREATE TABLE plain (n int)");
    try (Follower follower = database.follower("public.keyed")) {
      follower.run();
      given("INSERT INTO keyed VALUES (1)", "INSERT INTO plain VALUES (1)");
      follower.join("public.plain");
      follower.run();
      given("INSERT INTO plain VALUES (2)", "INSERT INTO keyed VALUES (2)");
      follower.run();
      assertThat(follower.failures).isEmpty();
      assertThat(follower.changes)
          .containsExactly("INSERT keyed id=1", "INSERT plain n=2", "INSERT keyed id=2");
      assertThat(follower.copy("public.plain").lines()).containsExactly("1", "2");
    }
  }

  @Test
  void aSlotThatWasMadeBeforehandServesThoughMuchWasWrittenSince() throws Exception {
    given(
        "CREATE TABLE t (id int PRIMARY KEY)",
        "SELECT pg_create_logical_replication_slot('older_' || current_database(), '%s')"
            .formatted(database.settings().get("plugin")),
        "INSERT INTO t VALUES (1)");
    Map<String, Object> settings =
        database.with(Map.of("slot", "older_" + database.value("SELECT current_database()")));
    try (Follower follower = new Follower(settings, "public.t");
        Connection open = database.connect();
        Statement writer = open.createStatement()) {
      writer.execute("BEGIN; INSERT INTO t VALUES (2)");
      CompletableFuture<Void> run = CompletableFuture.runAsync(() -> runAll(follower));
      given("INSERT INTO t VALUES (3)");
      awaitQuestion(run);
      writer.execute("INSERT INTO t VALUES (4); COMMIT");
      run.get(30, TimeUnit.SECONDS);
      given("INSERT INTO t VALUES (5)");
      follower.run();
      assertThat(follower.changes).endsWith("INSERT t id=5");
      assertThat(follower.copy("public.t").lines()).containsExactly("1", "2", "3", "4", "5");
    }
  }

  @Test
  void aTableThatJoinsBeforeASlotMadeBeforehandWasReadMeetsItsLogToo() throws Exception {
    given(
        "CREATE TABLE a (id int PRIMARY KEY)",
        "CREATE TABLE b (id int PRIMARY KEY)",
        "SELECT pg_create_logical_replication_slot('older_' || current_database(), '%s')"
            .formatted(database.settings().get("plugin")),
        "INSERT INTO a VALUES (1)",
        "INSERT INTO b VALUES (1)");
    Map<String, Object> settings =
        database.with(Map.of("slot", "older_" + database.value("SELECT current_database()")));
    try (Follower follower = new Follower(settings, "public.a")) {
      follower.begin(Extent.UNTIL_NOW).close();
      follower.join("public.b");
      given("INSERT INTO a VALUES (2)", "INSERT INTO b VALUES (2)");
      follower.run();
      given("INSERT INTO b VALUES (3)");
      follower.run();
      assertThat(follower.copy("public.a").lines()).containsExactly("1", "2");
      assertThat(follower.copy("public.b").lines()).containsExactly("1", "2", "3");
    }
  }

  // It asks who is writing to the table, and waits for them.
  private void awaitQuestion(CompletableFuture<Void> run) throws InterruptedException {
    String asking =
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%virtualtransaction FROM%pg_locks%' AND pid <> pg_backend_pid() AND datname = current_database()";
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!run.isDone() && database.value(asking).equals("0")) {
      assertThat(System.nanoTime()).as("the run has not begun").isLessThan(deadline);
      Thread.sleep(10);
    }
    assertThat(run).isNotDone();
  }

  private static void runAll(Follower follower) {
    try {
      follower.run();
    } catch (IOException | InterruptedException e) {
      throw new CompletionException(e);
    }
  }
}
