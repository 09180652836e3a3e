package dev.tapline.source.postgres.replication.stream;

import dev.tapline.source.postgres.fixtures.LogDatabase;
import dev.tapline.source.postgres.testing.TestServer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@ValueSource(strings = {"14.24", "16"})
class LogStreamingIT extends AbstractLogStreaming {
  private static final Map<String, TestServer> SERVERS = new ConcurrentHashMap<>();
  private static final AtomicInteger NUMBER = new AtomicInteger();

  @Parameter String version;

  @AfterAll
  static void stop() {
    SERVERS.values().forEach(TestServer::close);
    SERVERS.clear();
  }

  @Override
  LogDatabase createDatabase() {
    TestServer server =
        SERVERS.computeIfAbsent(
            version,
            name -> TestServer.startVersion(name, "wal_level = logical", "max_wal_senders = 20"));
    String name = "log_" + NUMBER.incrementAndGet();
    server.execute("CREATE DATABASE " + name);
    return LogDatabase.at(server, name, Map.of("plugin", "pgoutput"));
  }
}
