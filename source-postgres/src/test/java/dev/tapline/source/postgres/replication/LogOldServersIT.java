package dev.tapline.source.postgres.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.fixtures.Follower;
import dev.tapline.source.postgres.fixtures.LogDatabase;
import dev.tapline.source.postgres.testing.TestServer;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What servers before the minor releases of February 2022 leave out of the log.
class LogOldServersIT {
  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.startVersion("14.1", "wal_level = logical");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aKeyThatIsNowhereToBeHadStopsItsStreamAndNotTheOthers() throws Exception {
    server.execute("CREATE DATABASE old");
    LogDatabase database = LogDatabase.at(server, "old", Map.of("plugin", "pgoutput"));
    database.execute(
        "CREATE TABLE doc (id text PRIMARY KEY, n int)",
        "ALTER TABLE doc ALTER id SET STORAGE EXTERNAL",
        "CREATE TABLE whole (id text PRIMARY KEY, n int)",
        "ALTER TABLE whole ALTER id SET STORAGE EXTERNAL",
        "ALTER TABLE whole REPLICA IDENTITY FULL",
        "INSERT INTO doc SELECT string_agg(md5(g::text), ''), 0 FROM generate_series(1, 78) g",
        "INSERT INTO whole SELECT * FROM doc",
        "CREATE TABLE other (id int PRIMARY KEY)");
    try (Follower follower = database.follower("public.doc", "public.whole", "public.other")) {
      follower.run();
      database.execute(
          "BEGIN; UPDATE doc SET n = 1; UPDATE whole SET n = 1; INSERT INTO other VALUES (1); COMMIT");
      follower.run();
      assertThat(follower.failures.values())
          .singleElement()
          .asString()
          .contains("public.doc", "'id'", "14.2", "reset --stream public.doc");
      assertThat(follower.copy("public.other").lines()).containsExactly("1");
      assertThat(follower.copy("public.whole").lines())
          .isEqualTo(database.values("SELECT id || '|' || n FROM whole"));
    }
  }
}
