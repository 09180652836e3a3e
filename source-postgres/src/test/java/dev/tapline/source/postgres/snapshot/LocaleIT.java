package dev.tapline.source.postgres.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.source.postgres.fixtures.Follower;
import dev.tapline.source.postgres.fixtures.LogDatabase;
import dev.tapline.source.postgres.fixtures.Pipeline;
import dev.tapline.source.postgres.testing.PostgresContainer;
import dev.tapline.source.postgres.testing.SharedServer;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A server that counts money and speaks as another country does.
class LocaleIT {
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static PostgresContainer server;

  private LogDatabase database;
  private String name;

  @BeforeAll
  static void start() throws SQLException {
    server =
        PostgresContainer.withLocales(
            "-c", "wal_level=logical",
            "-c", "max_replication_slots=20",
            "-c", "fsync=off",
            "-c", "lc_monetary=de_DE.UTF-8");
    server.start();
    speakGerman(server);
  }

  // Once it runs: that it does so is read in its log.
  private static void speakGerman(PostgresContainer speaker) throws SQLException {
    try (var connection = speaker.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER SYSTEM SET lc_messages = 'de_DE.UTF-8'");
      statement.execute("SELECT pg_reload_conf()");
    }
  }

  @AfterAll
  static void stop() {
    server.stop();
  }

  @BeforeEach
  void createDatabase() throws Exception {
    name = "locale_" + NUMBER.incrementAndGet();
    try (var connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    String url = server.url(name);
    database =
        new LogDatabase(
            url, server.jdbcUrl(name), Map.of("url", url, "slot", name, "publication", name));
  }

  private List<String> scanned() throws Exception {
    List<String> values = new ArrayList<>();
    try (Pipeline pipeline = Pipeline.at(database.url())) {
      pipeline.scan(
          "public.price",
          batch -> {
            for (int row = 0; row < batch.rows(); row++) {
              values.add(batch.row(row).string("amount"));
            }
          });
    }
    return values;
  }

  @ParameterizedTest
  @CsvSource({"pgoutput, auto", "wal2json, 2", "wal2json, 1"})
  void moneyHasOneFormInCopyAndLog(String plugin, String format) throws Exception {
    database.execute(
        "CREATE TABLE price (id int PRIMARY KEY, amount money, parts money[])",
        "INSERT INTO price VALUES (1, 1234.5::numeric, ARRAY[2.5::numeric::money, NULL])");
    assertThat(database.value("SELECT amount FROM price")).endsWith("€");
    assertThat(scanned()).containsExactly("$1,234.50");
    Map<String, Object> settings =
        new HashMap<>(database.with(Map.of("plugin", plugin, "format", format)));
    try (Follower follower = new Follower(settings, "public.price")) {
      follower.run();
      assertThat(follower.copy("public.price").lines().toString())
          .contains("$1,234.50", "$2.50")
          .doesNotContain("€");
      database.execute(
          "INSERT INTO price VALUES (2, -99999.99::numeric, ARRAY[0.07::numeric::money])");
      follower.run();
      assertThat(follower.changes.getLast()).contains("-$99,999.99", "$0.07");
    }
    assertThat(SharedServer.get().value("SELECT '$1,234.50'::money::numeric")).isEqualTo("1234.50");
  }

  @ParameterizedTest
  @CsvSource({"pgoutput, auto", "wal2json, 2"})
  void moneyThatIsNotInHundredthsStaysWhatItIs(String plugin, String format) throws Exception {
    database.execute("ALTER DATABASE " + name + " SET lc_monetary = 'ja_JP.UTF-8'");
    database.execute(
        "CREATE TABLE price (id int PRIMARY KEY, amount money)",
        "INSERT INTO price VALUES (1, 1234::numeric)");
    String written = database.value("SELECT amount FROM price");
    assertThat(written).contains("1,234").doesNotContain(".");
    assertThat(scanned()).containsExactly(written);
    Map<String, Object> settings =
        new HashMap<>(database.with(Map.of("plugin", plugin, "format", format)));
    try (Follower follower = new Follower(settings, "public.price")) {
      follower.run();
      database.execute("INSERT INTO price VALUES (2, 1234::numeric)");
      follower.run();
      assertThat(follower.changes.getLast()).contains(written);
    }
  }

  @Test
  void rowLevelSecurityIsToldInEveryLanguage() throws Exception {
    database.execute(
        "CREATE TABLE price (id int PRIMARY KEY, amount money)",
        "ALTER TABLE price ENABLE ROW LEVEL SECURITY",
        "CREATE ROLE reader_%s LOGIN PASSWORD 'x'".formatted(name),
        "GRANT SELECT ON price TO reader_" + name);
    try (Pipeline pipeline = as("reader_" + name)) {
      assertThatThrownBy(() -> pipeline.count("public.price"))
          .hasMessageContaining("BYPASSRLS")
          .hasMessageNotContaining("GRANT SELECT");
    }
  }

  @Test
  void whoMayNotReadTheLogIsToldSoInEveryLanguage() throws Exception {
    database.execute(
        "CREATE TABLE price (id int PRIMARY KEY, amount money)",
        "SELECT pg_create_logical_replication_slot('%s', 'pgoutput')".formatted(name),
        "CREATE PUBLICATION %s FOR TABLE price".formatted(name),
        "CREATE ROLE reader_%s LOGIN PASSWORD 'x'".formatted(name),
        "GRANT SELECT ON price TO reader_" + name);
    String url =
        database.url().replace("postgres:" + PostgresContainer.PASSWORD, "reader_" + name + ":x");
    try (Follower follower =
        new Follower(
            Map.of("url", url, "slot", name, "publication", name, "plugin", "pgoutput"),
            "public.price")) {
      assertThatThrownBy(follower::run)
          .hasMessageContaining("may not read the log")
          .hasMessageContaining("REPLICATION");
    }
    database.execute("REVOKE CONNECT ON DATABASE %s FROM PUBLIC".formatted(name));
    try (Pipeline pipeline = as("reader_" + name)) {
      assertThatThrownBy(pipeline::discover).hasMessageContaining("GRANT CONNECT ON DATABASE");
    }
  }

  @Test
  void aLogThatTellsTooLittleIsToldInEveryLanguage() throws Exception {
    try (PostgresContainer poor =
        PostgresContainer.withLocales("-c", "wal_level=replica", "-c", "fsync=off")) {
      poor.start();
      speakGerman(poor);
      try (var connection = poor.connect();
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE price (id int PRIMARY KEY)");
      }
      try (Follower follower =
          new Follower(Map.of("url", poor.url(), "plugin", "pgoutput"), "public.price")) {
        assertThatThrownBy(follower::run)
            .hasMessageContaining("ALTER SYSTEM SET wal_level = logical");
      }
    }
  }

  private Pipeline as(String role) throws SQLException {
    return Pipeline.at(
        database.url().replace("postgres:" + PostgresContainer.PASSWORD, role + ":x"));
  }
}
