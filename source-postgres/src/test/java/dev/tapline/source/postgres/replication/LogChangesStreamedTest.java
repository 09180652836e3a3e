package dev.tapline.source.postgres.replication;

import dev.tapline.source.postgres.fixtures.LogDatabase;
import dev.tapline.source.postgres.fixtures.LogValuesContract;
import dev.tapline.source.postgres.testing.SharedServer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The same of a server that sends every change before its transaction is committed.
class LogChangesStreamedTest extends AbstractLogChanges {
  @Override
  LogDatabase createDatabase() {
    String name = SharedServer.database();
    SharedServer.get()
        .execute(
            "ALTER DATABASE " + name + " SET debug_logical_replication_streaming = 'immediate'");
    return LogDatabase.at(
        SharedServer.get(), name, Map.of("plugin", "pgoutput", "streaming", true));
  }

  @Test
  void everyValueComesOutOfTheLogAsAScanBringsIt() throws Exception {
    new LogValuesContract(database).holds(List.of(database.settings()));
    database.awaitStreamed(1);
  }
}
