package dev.tapline.source.postgres.replication;

import dev.tapline.source.postgres.fixtures.LogDatabase;
import dev.tapline.source.postgres.fixtures.LogValuesContract;
import dev.tapline.source.postgres.testing.PostgresContainer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@ValueSource(strings = {"2", "1"})
class Wal2JsonIT extends AbstractLogChanges {
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static PostgresContainer server;

  @Parameter String format;

  @BeforeAll
  static void start() {
    if (server == null) {
      server =
          new PostgresContainer(
              "-c", "wal_level=logical",
              "-c", "max_replication_slots=100",
              "-c", "max_wal_senders=20",
              "-c", "fsync=off",
              "-c", "max_locks_per_transaction=1000");
      server.start();
    }
  }

  @AfterAll
  static void stop() {
    server.stop();
    server = null;
  }

  @Override
  LogDatabase createDatabase() throws Exception {
    return database(Map.of("plugin", "wal2json", "format", format));
  }

  static LogDatabase database(Map<String, Object> settings) throws Exception {
    String name = "log_" + NUMBER.incrementAndGet();
    try (var connection = server.connect();
        var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    String url = server.url().replaceAll("/[^/]*$", "/" + name);
    java.util.HashMap<String, Object> all = new java.util.HashMap<>(settings);
    all.put("url", url);
    return new LogDatabase(url, server.jdbcUrl(name), Map.copyOf(all));
  }

  // Format 1 has none.
  @Override
  boolean tellsTruncate() {
    return format.equals("2");
  }

  @Test
  void everyValueComesOutOfEveryDecoderAsAScanBringsIt() throws Exception {
    new LogValuesContract(database)
        .holds(
            List.of(
                database.with(Map.of("slot", "w_" + database.value("SELECT current_database()"))),
                database.with(
                    Map.of(
                        "plugin",
                        "pgoutput",
                        "slot",
                        "p_" + database.value("SELECT current_database()")))));
  }
}
