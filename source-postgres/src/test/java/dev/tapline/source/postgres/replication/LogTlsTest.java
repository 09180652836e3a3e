package dev.tapline.source.postgres.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.source.postgres.fixtures.Follower;
import dev.tapline.source.postgres.fixtures.LogDatabase;
import dev.tapline.source.postgres.testing.Certificates;
import dev.tapline.source.postgres.testing.TestServer;
import dev.tapline.spi.TransientException;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.ChangeLog.Extent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The log through an encrypted connection, and from a server that goes away.
class LogTlsTest {
  @TempDir static Path folder;

  private static TestServer server;
  private static LogDatabase database;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start("wal_level = logical");
    new Certificates(folder)
        .authority("ca")
        .signed("server", "ca", "x", "DNS:localhost,IP:127.0.0.1", "-days", "30");
    for (String kind : new String[] {"crt", "key"}) {
      Path target = server.data().resolve("server." + kind);
      Files.copy(folder.resolve("server." + kind), target);
      Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-------"));
    }
    server.execute("ALTER SYSTEM SET ssl = on");
    server.reload();
    database = LogDatabase.at(server, "postgres", Map.of("plugin", "pgoutput"));
    database.execute("CREATE TABLE t (id int PRIMARY KEY, filler text)");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void changesComeSoonAndManyComeFastThroughTls() throws Exception {
    Map<String, Object> settings = database.with(Map.of("url", server.url() + "?sslmode=require"));
    try (Follower follower = new Follower(settings, "public.t");
        BatchReader reader = follower.begin(Extent.CONTINUOUS)) {
      assertThat(
              database.value(
                  "SELECT ssl FROM pg_stat_ssl s JOIN pg_stat_replication r ON r.pid = s.pid"))
          .isEqualTo("t");
      reader.poll(Duration.ofMillis(300));
      long best = Long.MAX_VALUE;
      for (int i = 0; i < 5; i++) {
        database.execute("INSERT INTO t VALUES (%d, 'x')".formatted(-i));
        long committed = System.nanoTime();
        follower.await(reader, i + 1);
        best = Math.min(best, System.nanoTime() - committed);
      }
      assertThat(Duration.ofNanos(best)).isLessThan(Duration.ofMillis(50));
      database.execute("INSERT INTO t SELECT i, repeat('x', 100) FROM generate_series(1, 30000) i");
      // A reader that saw only one record of TLS a second would need minutes.
      follower.await(reader, 30_005);
    }
  }

  @Test
  void aServerThatGoesAwayIsNoticedAtOnceAndGoneOnWith() throws Exception {
    database.execute("CREATE TABLE u (id int PRIMARY KEY)");
    Map<String, Object> settings = database.with(Map.of("slot", "going"));
    try (Follower follower = new Follower(settings, "public.u")) {
      try (BatchReader reader = follower.begin(Extent.CONTINUOUS)) {
        database.execute("INSERT INTO u VALUES (1)");
        follower.await(reader, 1);
        Thread stopper = Thread.ofVirtual().start(server::stop);
        long begin = System.nanoTime();
        assertThatThrownBy(
                () -> {
                  while (System.nanoTime() - begin < 30_000_000_000L) {
                    reader.poll(Duration.ofSeconds(30));
                  }
                })
            .isInstanceOf(TransientException.class)
            .hasMessageContaining("going");
        stopper.join();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
      }
      server.startUp();
      database.execute("INSERT INTO u VALUES (2)");
      runWithRetries(follower);
      assertThat(follower.changes).containsExactly("INSERT u id=1", "INSERT u id=2");
    }
  }

  // Sessions of before the restart are found out one by one, as the engine's retries do.
  private static void runWithRetries(Follower follower) throws Exception {
    for (int attempt = 0; ; attempt++) {
      try {
        follower.run();
        return;
      } catch (TransientException e) {
        assertThat(attempt).as("%s", e).isLessThan(10);
      }
    }
  }
}
