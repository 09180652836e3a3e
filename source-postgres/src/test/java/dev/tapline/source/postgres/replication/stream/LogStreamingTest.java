package dev.tapline.source.postgres.replication.stream;

import dev.tapline.source.postgres.fixtures.LogDatabase;
import dev.tapline.source.postgres.testing.SharedServer;
import java.util.Map;

class LogStreamingTest extends AbstractLogStreaming {
  @Override
  LogDatabase createDatabase() {
    return LogDatabase.at(
        SharedServer.get(), SharedServer.database(), Map.of("plugin", "pgoutput"));
  }
}
