package dev.tapline.source.postgres.replication;

import dev.tapline.source.postgres.fixtures.LogDatabase;
import dev.tapline.source.postgres.testing.SharedServer;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

class LogEncodingsTest extends AbstractLogEncodings {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  @Override
  LogDatabase database(String encoding) {
    String name = "encoded_" + NUMBER.incrementAndGet();
    SharedServer.get().execute(creating(name, encoding));
    return LogDatabase.at(SharedServer.get(), name, Map.of("plugin", "pgoutput"));
  }
}
