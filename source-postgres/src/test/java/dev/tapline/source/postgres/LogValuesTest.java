package dev.tapline.source.postgres;

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
}
