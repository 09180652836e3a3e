package dev.tapline.source.postgres.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.fixtures.Follower;
import dev.tapline.source.postgres.fixtures.Pipeline;
import dev.tapline.source.postgres.incremental.KeyFollower;
import dev.tapline.source.postgres.testing.SharedServer;
import dev.tapline.source.postgres.testing.TestServer;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Finding.Severity;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.ChangeLog.Extent;
import dev.tapline.spi.source.Snapshot;
import dev.tapline.spi.source.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A role and a database whose settings end what takes a while, or have it mean something else.
class RoleSettingsTest {
  // A quarter of a second; what is tried takes a second.
  private static final List<String> SETTINGS =
      List.of(
          "transaction_timeout = '250ms'",
          "idle_in_transaction_session_timeout = '250ms'",
          "idle_session_timeout = '250ms'",
          "statement_timeout = '250ms'",
          "lock_timeout = '100ms'",
          "default_transaction_isolation = 'serializable'",
          "default_transaction_deferrable = on",
          "default_transaction_read_only = on",
          "session_replication_role = 'replica'",
          "row_security = on",
          "standard_conforming_strings = off",
          "bytea_output = 'escape'",
          "IntervalStyle = 'sql_standard'",
          "extra_float_digits = -10");

  private final TestServer server = SharedServer.get();
  private String database;
  private String role;

  @BeforeEach
  void createRole() {
    database = SharedServer.database();
    role = "r_" + database;
    server.executeIn(
        database,
        "CREATE TABLE t (id int PRIMARY KEY, name text)",
        "INSERT INTO t SELECT i, 'n' || i FROM generate_series(1, 10) i",
        "CREATE TABLE big (id int PRIMARY KEY, filler text)",
        "CREATE VIEW slow AS SELECT id, name, pg_sleep(0.1)::text AS slept FROM t",
        "CREATE ROLE " + role + " SUPERUSER LOGIN");
    for (String setting : SETTINGS) {
      server.execute("ALTER ROLE " + role + " SET " + setting);
    }
  }

  private String url() {
    return server.url(database).replace("postgres@", role + "@");
  }

  @Test
  void everyRowOfASlowScanComes() throws Exception {
    try (Pipeline pipeline = Pipeline.at(url())) {
      Stream stream = pipeline.stream("public.slow");
      try (Snapshot snapshot = pipeline.source.openSnapshot(List.of(stream))) {
        long[] rows = {0};
        for (int i = 0; i < 2; i++) {
          for (Split split : pipeline.source.split(stream, snapshot, 1)) {
            pipeline.read(split, batch -> rows[0] += batch.rows());
          }
        }
        assertThat(rows[0]).isEqualTo(20);
        assertThat(snapshot.isOpen()).isTrue();
      }
    }
  }

  @Test
  void aSlowScanByKeyComes() throws Exception {
    try (KeyFollower follower = new KeyFollower(url(), "public.slow", "", "id")) {
      follower.copy();
      server.executeIn(database, "INSERT INTO t SELECT i, 'n' || i FROM generate_series(11, 20) i");
      assertThat(follower.next()).hasSize(10);
    }
  }

  @Test
  void checkHasNoComplaint() throws Exception {
    try (Pipeline pipeline = Pipeline.at(url())) {
      List<Finding> findings = new ArrayList<>();
      for (String table : List.of("public.t", "public.slow")) {
        findings.addAll(pipeline.source.check(List.of(pipeline.stream(table))));
      }
      assertThat(findings).allMatch(finding -> finding.severity() == Severity.OK);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLogIsFollowedAndItsSlotMadeThoughThatTakesLong(boolean streaming) throws Exception {
    Map<String, Object> settings =
        Map.of(
            "url",
            url(),
            "plugin",
            "pgoutput",
            "slot",
            database,
            "heartbeat",
            "100ms",
            "streaming",
            streaming);
    try (Follower follower = new Follower(settings, "public.big");
        var open = server.connect(database);
        var writer = open.createStatement()) {
      // The slot is made only when this transaction has ended.
      writer.execute("BEGIN; CREATE TABLE other (id int)");
      Thread ending =
          Thread.ofVirtual()
              .start(() -> {
                server.valueIn(database, "SELECT pg_sleep(1)");
                try {
                  writer.execute("COMMIT");
                } catch (java.sql.SQLException e) {
                  throw new AssertionError(e);
                }
              });
      follower.run();
      ending.join();
      try (BatchReader reader = follower.begin(Extent.CONTINUOUS)) {
        server.valueIn(database, "SELECT pg_sleep(1)");
        server.executeIn(
            database,
            "INSERT INTO big SELECT i, repeat(md5(i::text), 10) FROM generate_series(1, 100000) i");
        follower.await(reader, 100_000);
        server.valueIn(database, "SELECT pg_sleep(1)");
        server.executeIn(database, "INSERT INTO big VALUES (0, 'x')");
        follower.await(reader, 1);
        assertThat(reader.lag()).isPresent();
        assertThat(follower.failures).isEmpty();
      }
    } finally {
      server.executeIn(
          database,
          "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = current_database() AND NOT active");
    }
  }
}
