package dev.tapline.source.postgres;

import dev.tapline.source.postgres.testing.SharedServer;
import java.util.Map;

class LogStreamingTest extends LogStreaming {
  @Override
  LogDatabase createDatabase() {
    return LogDatabase.at(
        SharedServer.get(), SharedServer.database(), Map.of("plugin", "pgoutput"));
  }
}
