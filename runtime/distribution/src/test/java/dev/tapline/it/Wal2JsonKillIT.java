package dev.tapline.it;

import dev.tapline.source.postgres.testing.PostgresContainer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What [LogKillIT] does with pgoutput, with wal2json on the server as a distribution ships it.
class Wal2JsonKillIT {
  private static final int KILLS = Integer.getInteger("tapline.wal2json.kills", 5);
  private static PostgresContainer server;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws Exception {
    server = new PostgresContainer("-c", "fsync=off").withFixedPort();
    server.start();
  }

  @AfterAll
  static void stop() {
    server.stop();
  }

  @Test
  void noChangeIsLostOrComesTwiceWhateverIsKilled() throws Exception {
    new LogKills(LogServer.of(server), folder, "kills", ", plugin: wal2json")
        .noChangeIsLostOrComesTwice(KILLS);
  }
}
