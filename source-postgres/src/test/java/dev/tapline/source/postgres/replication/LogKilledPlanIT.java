package dev.tapline.source.postgres.replication;

import dev.tapline.source.postgres.fixtures.LogDatabase;
import dev.tapline.source.postgres.testing.TestServer;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/// The same on a server that publishes each partition by itself.
class LogKilledPlanIT extends LogKilledPlanTest {
  private static TestServer server;
  private static int number;

  @BeforeAll
  static void start() {
    server = TestServer.startVersion("12", "wal_level = logical");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  LogDatabase database() {
    String name = "killed_" + ++number;
    server.execute("CREATE DATABASE " + name);
    return LogDatabase.at(server, name, Map.of("slot", "slot_" + number));
  }
}
