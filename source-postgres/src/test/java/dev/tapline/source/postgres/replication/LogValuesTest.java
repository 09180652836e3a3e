package dev.tapline.source.postgres.replication;

import dev.tapline.source.postgres.fixtures.LogDatabase;
import dev.tapline.source.postgres.fixtures.LogValuesContract;
import dev.tapline.source.postgres.testing.OddDefaults;
import dev.tapline.source.postgres.testing.SharedServer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LogValuesTest {
  @Test
  void everyValueComesOutOfTheLogAsAScanBringsIt() throws Exception {
    LogDatabase database =
        LogDatabase.at(SharedServer.get(), SharedServer.database(), Map.of("plugin", "pgoutput"));
    new LogValuesContract(database).holds(List.of(database.settings()));
  }

  @Test
  void soItDoesWhateverTheDefaultsOfTheDatabaseAre() throws Exception {
    String name = SharedServer.database();
    OddDefaults.of(SharedServer.get(), name);
    LogDatabase database = LogDatabase.at(SharedServer.get(), name, Map.of("plugin", "pgoutput"));
    new LogValuesContract(database).holds(List.of(database.settings()));
  }
}
