package dev.tapline.source.postgres.replication;

import dev.tapline.source.postgres.fixtures.AbstractPostgresContract;
import dev.tapline.source.postgres.fixtures.LogDatabase;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

final class Wal2JsonContractIT extends AbstractPostgresContract {
  @BeforeAll
  static void start() {
    Wal2JsonIT.start();
  }

  @AfterAll
  static void stop() {
    Wal2JsonIT.stop();
  }

  @Override
  protected LogDatabase createDatabase() throws Exception {
    return Wal2JsonIT.database(Map.of("plugin", "wal2json"));
  }
}
