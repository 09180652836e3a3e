package dev.tapline.source.postgres.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.source.postgres.fixtures.Follower;
import dev.tapline.source.postgres.fixtures.Pipeline;
import dev.tapline.source.postgres.incremental.KeyFollower;
import dev.tapline.source.postgres.testing.SharedServer;
import dev.tapline.source.postgres.testing.TestServer;
import dev.tapline.source.postgres.testing.TransactionPooler;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Connections that are another one's between two transactions.
class PoolerTest {
  private static final int CONNECTIONS = 3;
  private static final String SETTINGS =
      """
      SELECT name, setting, pg_backend_pid() FROM pg_settings
      WHERE name NOT IN ('application_name', 'client_encoding', 'DateStyle', 'TimeZone',
                         'standard_conforming_strings', 'in_hot_standby', 'transaction_read_only',
                         'transaction_isolation', 'transaction_deferrable')
      """;

  private final TestServer server = SharedServer.get();
  private TransactionPooler pooler;
  private String database;

  @BeforeEach
  void begin() {
    database = SharedServer.database();
    pooler = TransactionPooler.start(server, CONNECTIONS, "extra_float_digits");
    server.executeIn(
        database,
        "CREATE TABLE t (id int PRIMARY KEY, name text, lasts interval)",
        "INSERT INTO t SELECT i, 'n' || i, '1 day 02:03:04' FROM generate_series(1, 36000) i",
        "CREATE VIEW v AS SELECT * FROM t");
  }

  @AfterEach
  void end() throws Exception {
    pooler.close();
  }

  private String url() {
    return pooler.url(database, "postgres");
  }

  private Connection application() throws SQLException {
    String[] parts = url().split("@");
    return DriverManager.getConnection("jdbc:postgresql://" + parts[1] + "?user=postgres");
  }

  /// The settings of all of the server's connections, which have the same.
  private Map<String, String> settings() throws SQLException {
    Map<String, Set<String>> settings = new TreeMap<>();
    Set<String> connections = new HashSet<>();
    try (Connection connection = application();
        Statement statement = connection.createStatement()) {
      for (int i = 0; i < CONNECTIONS; i++) {
        try (ResultSet rows = statement.executeQuery(SETTINGS)) {
          while (rows.next()) {
            settings
                .computeIfAbsent(rows.getString(1), name -> new HashSet<>())
                .add(String.valueOf(rows.getString(2)));
            connections.add(rows.getString(3));
          }
        }
      }
    }
    assertThat(connections).hasSize(CONNECTIONS);
    Map<String, String> result = new TreeMap<>();
    settings.forEach((name, values) -> result.put(name, String.join(" or ", values)));
    return result;
  }

  @Test
  void whatItSetsIsNeverTheApplications() throws Exception {
    Map<String, String> before = settings();
    try (Pipeline pipeline = Pipeline.at(url())) {
      Stream stream = pipeline.stream("public.t");
      assertThat(settings()).as("after discover").isEqualTo(before);
      pipeline.source.check(List.of(stream));
      assertThat(settings()).as("after check").isEqualTo(before);
      assertThat(pipeline.count("public.t")).isEqualTo(36_000);
      assertThat(pipeline.count("public.v")).isEqualTo(36_000);
      assertThat(settings()).as("after FULL_TABLE").isEqualTo(before);
      pipeline.source.slots();
      assertThat(settings()).as("after slots").isEqualTo(before);
    }
    for (String relation : List.of("public.t", "public.v")) {
      try (KeyFollower follower = new KeyFollower(url(), relation, "", "id")) {
        follower.copy();
        server.executeIn(database, "INSERT INTO t SELECT max(id) + 1, 'new', '1 day' FROM t");
        assertThat(follower.next()).containsExactly("new");
      }
    }
    assertThat(settings()).as("after INCREMENTAL").isEqualTo(before);
    try (Connection connection = application();
        Statement statement = connection.createStatement()) {
      for (int i = 0; i < CONNECTIONS; i++) {
        statement.execute("INSERT INTO t VALUES (" + (-i) + ", 'mine')");
      }
    }
  }

  @Test
  void everyCopyRunsUnderItsOwnSettings() throws Exception {
    Set<String> forms = new HashSet<>();
    try (Pipeline pipeline = Pipeline.at(url(), "split-size", 1 << 20);
        Connection connection = application();
        Statement statement = connection.createStatement()) {
      Stream stream = pipeline.stream("public.t");
      pipeline.scan(stream, batch -> {});
      // Two of the three connections are left with settings of somebody else.
      for (int i = 0; i < CONNECTIONS - 1; i++) {
        statement.execute(
            "SET IntervalStyle = 'iso_8601'; SET search_path = 'nowhere'; SET bytea_output = 'escape'; SET statement_timeout = '50ms'");
      }
      for (int i = 0; i < CONNECTIONS; i++) {
        long[] rows = {0};
        pipeline.scan(
            stream,
            batch -> {
              for (int row = 0; row < batch.rows(); row++) {
                forms.add(batch.row(row).string("lasts"));
              }
              rows[0] += batch.rows();
            });
        assertThat(rows[0]).isEqualTo(36_000);
      }
    }
    assertThat(forms).containsExactly("1 day 02:03:04");
  }

  @Test
  void checkTellsThatTheLogNeedsTheServerItself() throws Exception {
    List<Finding> findings = new ArrayList<>();
    try (Pipeline pipeline = Pipeline.at(url())) {
      Stream stream = pipeline.stream("public.t");
      findings.addAll(pipeline.source.check(List.of(stream)));
      assertThat(findings)
          .filteredOn(finding -> finding.subject().label(false).equals("pooler"))
          .singleElement()
          .satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Finding.Severity.OK);
            assertThat(finding.message()).contains("pooler");
          });
    }
    try (Pipeline direct = Pipeline.at(server.url(database))) {
      assertThat(direct.source.check(List.of(direct.stream("public.t"))))
          .noneMatch(finding -> finding.subject().label(false).equals("pooler"));
    }
  }

  @Test
  void theLogIsRefusedByTheRightName() throws Exception {
    try (Follower follower =
        new Follower(Map.of("url", url(), "plugin", "pgoutput", "slot", database), "public.t")) {
      assertThatThrownBy(
              () -> {
                follower.run();
              })
          .hasMessageContaining("pooler")
          .hasMessageContaining("name the server itself");
    } finally {
      server.executeIn(
          database,
          "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = current_database()");
    }
  }
}
