package dev.tapline.source.postgres.replication;

import dev.tapline.source.postgres.fixtures.AbstractPostgresContract;
import dev.tapline.source.postgres.fixtures.LogDatabase;
import dev.tapline.source.postgres.testing.SharedServer;
import java.util.Map;

final class PgoutputContractTest extends AbstractPostgresContract {
  @Override
  protected LogDatabase createDatabase() {
    return LogDatabase.at(
        SharedServer.get(), SharedServer.database(), Map.of("plugin", "pgoutput"));
  }
}
