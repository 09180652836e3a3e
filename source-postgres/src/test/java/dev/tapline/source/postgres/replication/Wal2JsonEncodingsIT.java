package dev.tapline.source.postgres.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.fixtures.Follower;
import dev.tapline.source.postgres.fixtures.LogDatabase;
import dev.tapline.source.postgres.testing.PostgresContainer;
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
class Wal2JsonEncodingsIT extends AbstractLogEncodings {
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static PostgresContainer server;

  @Parameter String format;

  @BeforeAll
  static void start() {
    if (server == null) {
      server = new PostgresContainer("-c", "wal_level=logical", "-c", "max_replication_slots=100");
      server.start();
    }
  }

  @AfterAll
  static void stop() {
    server.stop();
    server = null;
  }

  @Override
  LogDatabase database(String encoding) throws Exception {
    String name = "encoded_" + NUMBER.incrementAndGet();
    try (var connection = server.connect();
        var statement = connection.createStatement()) {
      statement.execute(creating(name, encoding));
    }
    String url = server.url(name);
    return new LogDatabase(
        url, server.jdbcUrl(name), Map.of("url", url, "plugin", "wal2json", "format", format));
  }

  @Override
  int attempts() {
    return 1;
  }

  @Override
  boolean refusesWhatOnlyTheServerKnows() {
    return true;
  }

  @Test
  void aKeyThatIsNoNumberStopsItsStreamAndNotTheOthers() throws Exception {
    LogDatabase database = database("UTF8");
    database.execute(
        "CREATE TABLE bad (x float8 PRIMARY KEY, n int)",
        "CREATE TABLE worse (x numeric PRIMARY KEY, n int)",
        "INSERT INTO bad VALUES (1, 1), ('NaN', 2)",
        "INSERT INTO worse VALUES (1, 1)",
        "CREATE TABLE good (id int PRIMARY KEY, x float8)");
    try (Follower follower = database.follower("public.bad", "public.worse", "public.good")) {
      follower.run();
      database.execute(
          "UPDATE bad SET n = 2 WHERE x = 1",
          "DELETE FROM bad WHERE x = 'NaN'",
          "INSERT INTO worse VALUES ('NaN', 2)",
          "INSERT INTO good VALUES (1, 'NaN')");
      follower.run();
      assertThat(follower.failures.values())
          .hasSize(2)
          .allMatch(message -> message.contains("column 'x'") && message.contains("source.plugin"));
      assertThat(follower.copy("public.good").lines()).containsExactly("1|null");
    }
  }
}
