package dev.tapline.source.postgres.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.activity.OpenTransaction;
import dev.tapline.source.postgres.fixtures.Follower;
import dev.tapline.source.postgres.fixtures.LogDatabase;
import dev.tapline.source.postgres.preflight.LogCheckTest;
import dev.tapline.source.postgres.replication.slot.RetainedWal;
import dev.tapline.source.postgres.testing.StrippingProxy;
import dev.tapline.source.postgres.testing.TestServer;
import dev.tapline.spi.source.Slot;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Transactions that nobody ends: whom a run waits for, and who holds the log.
class LogWaitTest {
  private static final String MAKING =
      "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_create_logical_replication_slot%' AND pid <> pg_backend_pid() AND state = 'active'";

  private static TestServer server;
  private static int number;
  private LogDatabase database;
  private String name = "";

  @BeforeAll
  static void start() {
    server = TestServer.start("wal_level = logical", "max_prepared_transactions = 10");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void createDatabase() {
    name = "waits_" + ++number;
    server.execute("CREATE DATABASE " + name);
    database = LogDatabase.at(server, name, Map.of("plugin", "pgoutput"));
    database.execute("CREATE TABLE t (id int PRIMARY KEY)", "CREATE TABLE other (id int)");
  }

  private void prepare() {
    database.execute(
        "BEGIN; INSERT INTO other VALUES (1); PREPARE TRANSACTION 'forgotten_%s'".formatted(name));
  }

  @AfterEach
  void endPrepared() {
    for (String gid :
        database.values("SELECT gid FROM pg_prepared_xacts WHERE database = current_database()")) {
      database.execute("ROLLBACK PREPARED '" + gid + "'");
    }
  }

  private void await(String query, String value) throws InterruptedException {
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (!database.value(query).equals(value)) {
      assertThat(System.nanoTime()).as(query).isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  private String slots() {
    return database.value(
        "SELECT count(*) FROM pg_replication_slots WHERE database = current_database()");
  }

  @Test
  void anInterruptEndsTheMakingOfASlotInTheServerToo() throws Exception {
    prepare();
    try (Follower follower = database.follower("public.t")) {
      AtomicReference<Throwable> end = new AtomicReference<>();
      Thread run =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  follower.run();
                } catch (Throwable e) {
                  end.set(e);
                }
              });
      await(MAKING, "1");
      long asked = System.nanoTime();
      run.interrupt();
      run.join(Duration.ofSeconds(20));
      assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(3));
      assertThat(end.get()).isInstanceOf(InterruptedException.class);
      await(MAKING, "0");
      assertThat(slots()).isEqualTo("0");
    }
  }

  @Test
  void aServerWhoseClientIsGoneGivesUpTheSlot() throws Exception {
    prepare();
    StrippingProxy proxy = new StrippingProxy(server.port());
    Map<String, Object> settings = new HashMap<>(database.settings());
    settings.put(
        "url", database.url().replace(":" + server.port() + "/", ":" + proxy.port() + "/"));
    try (Follower follower = new Follower(settings, "public.t")) {
      AtomicReference<Throwable> end = new AtomicReference<>();
      Thread run =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  follower.run();
                } catch (Throwable e) {
                  end.set(e);
                }
              });
      await(MAKING, "1");
      proxy.close();
      await(MAKING, "0");
      run.join(Duration.ofSeconds(20));
      assertThat(end.get()).isNotNull();
      assertThat(slots()).isEqualTo("0");
    }
  }

  @Test
  void checkListsPreparedTransactions() throws Exception {
    prepare();
    assertThat(LogCheckTest.wrong(LogCheckTest.check(database.settings(), "public.t")))
        .singleElement()
        .asString()
        .contains("the transaction that user 'postgres' prepared as 'forgotten_%s'".formatted(name))
        .contains("database '%s'".formatted(name))
        .contains("making a slot waits for its end")
        .contains("ROLLBACK PREPARED 'forgotten_%s'".formatted(name));
  }

  @Test
  void slotsAndCheckSayWhoHoldsTheLog() throws Exception {
    try (Follower follower = database.follower("public.t")) {
      follower.run();
      prepare();
      database.execute(
          "SELECT count(pg_logical_emit_message(false, 'filler', repeat('x', 1000000))) FROM generate_series(1, 40)");
      follower.run();
      long deadline = System.nanoTime() + 20_000_000_000L;
      Slot slot = follower.pipeline.source.slots().getFirst();
      while (slot.heldFor().isEmpty()) {
        assertThat(System.nanoTime()).as("%s", slot).isLessThan(deadline);
        slot = follower.pipeline.source.slots().getFirst();
      }
      assertThat(slot.heldFor())
          .contains("MB that its reader has confirmed are kept for")
          .contains("'forgotten_%s'".formatted(name))
          .contains("ROLLBACK PREPARED");
      assertThat(LogCheckTest.wrong(LogCheckTest.check(database.settings(), "public.t")))
          .singleElement()
          .asString()
          .startsWith("slot: ")
          .contains("'forgotten_%s'".formatted(name));
    }
  }

  @Test
  void aTransactionThatIsOpenIsNamedByItsSession() {
    OpenTransaction open =
        new OpenTransaction(
            "",
            4711,
            "app",
            "shop",
            OptionalLong.of(600),
            "idle in transaction",
            "UPDATE orders\n SET total = 0",
            OptionalLong.of(731),
            OptionalLong.of(731),
            "3/17");
    assertThat(open.said())
        .isEqualTo(
            "PID 4711 of user 'app' in database 'shop', whose transaction is open for 10 min, idle in transaction: UPDATE orders SET total = 0");
    assertThat(open.remedy()).contains("SELECT pg_terminate_backend(4711);");
    assertThat(RetainedWal.writing(List.of(open))).contains(open);
  }
}
