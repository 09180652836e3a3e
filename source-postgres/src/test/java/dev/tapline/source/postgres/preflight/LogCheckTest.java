package dev.tapline.source.postgres.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.fixtures.LogDatabase;
import dev.tapline.source.postgres.fixtures.Pipeline;
import dev.tapline.source.postgres.testing.SharedServer;
import dev.tapline.source.postgres.testing.TestServer;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Finding.Severity;
import dev.tapline.spi.catalog.Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

public class LogCheckTest {
  private final TestServer server = SharedServer.get();
  private LogDatabase database;
  private String name = "";

  @BeforeEach
  void createDatabase() {
    name = SharedServer.database();
    database = LogDatabase.at(server, name, Map.of());
    database.execute("CREATE TABLE orders (id int PRIMARY KEY, weight real, total numeric(10,2))");
  }

  public static List<Finding> check(Map<String, Object> settings, String... tables)
      throws Exception {
    try (Pipeline pipeline = new Pipeline(settings)) {
      List<Stream> streams = new ArrayList<>();
      for (String table : tables) {
        Stream stream = pipeline.stream(table);
        streams.add(
            new Stream(
                stream.name(),
                stream.kind(),
                stream.schema(),
                stream.destination(),
                "LOG_BASED",
                List.of(),
                -1,
                -1));
      }
      return pipeline.source.check(streams);
    }
  }

  public static List<String> wrong(List<Finding> findings) {
    return findings.stream()
        .filter(finding -> finding.severity() != Severity.OK)
        .map(finding ->
            finding.subject().label(false) + ": " + finding.message() + " -> " + finding.remedy())
        .toList();
  }

  @Test
  void aServerThatIsReadyHasNoComplaints() throws Exception {
    List<Finding> findings = check(database.settings(), "public.orders");
    assertThat(wrong(findings)).isEmpty();
    assertThat(findings)
        .extracting(Finding::message)
        .contains(
            "slot 'tapline_%s' of pgoutput will be made".formatted(name),
            "the server takes connections of the replication protocol");
    assertThat(
            database.value(
                "SELECT count(*) FROM pg_replication_slots WHERE database = current_database()"))
        .isEqualTo("0");
  }

  @Test
  void aServerWithoutLogicalLogIsToldWithItsRemedy() throws Exception {
    try (TestServer plain =
        TestServer.start(
            "wal_level = replica", "max_wal_senders = 0", "max_replication_slots = 0")) {
      plain.execute("CREATE TABLE orders (id int PRIMARY KEY)");
      assertThat(wrong(check(Map.of("url", plain.url()), "public.orders")))
          .anyMatch(line -> line.contains("ALTER SYSTEM SET wal_level = logical"))
          .anyMatch(line -> line.contains("ALTER SYSTEM SET max_replication_slots = 10"))
          .anyMatch(line -> line.contains("ALTER SYSTEM SET max_wal_senders = 10"));
    }
  }

  @Test
  void aUserWithoutRightsIsToldWhatToGrantAndWhatToRun() throws Exception {
    database.execute(
        "CREATE ROLE plain_%s LOGIN".formatted(name), "GRANT SELECT ON orders TO plain_" + name);
    Map<String, Object> settings =
        database.with(
            Map.of(
                "url",
                database.url().replace("postgres@", "plain_" + name + "@"),
                "plugin",
                "pgoutput"));
    assertThat(wrong(check(settings, "public.orders")))
        .anyMatch(line -> line.contains("-> ALTER ROLE \"plain_%s\" REPLICATION;".formatted(name)))
        .anyMatch(line ->
            line.contains(
                "-> CREATE PUBLICATION \"tapline_%s\" FOR TABLE \"public\".\"orders\""
                    .formatted(name)));
  }

  @Test
  void tablesOfWhichTheLogDoesNotTellAllAreTold() throws Exception {
    database.execute(
        "CREATE TABLE bag (a int)",
        "CREATE UNLOGGED TABLE fleeting (id int PRIMARY KEY)",
        "CREATE TABLE odd (id int PRIMARY KEY, a int NOT NULL UNIQUE)",
        "ALTER TABLE odd REPLICA IDENTITY USING INDEX odd_a_key");
    assertThat(wrong(check(database.settings(), "public.bag", "public.fleeting", "public.odd")))
        .anyMatch(line ->
            line.contains("public.bag: it has no replica identity")
                && line.contains("ALTER TABLE \"public\".\"bag\" REPLICA IDENTITY FULL;"))
        .anyMatch(line -> line.contains("public.fleeting: it is unlogged"))
        .anyMatch(line ->
            line.contains("public.odd: its replica identity is an index without its primary key"));
  }

  @Test
  void columnsThatDoNotComeAreTold() throws Exception {
    database.execute(
        "CREATE TABLE t (id int PRIMARY KEY, twice int GENERATED ALWAYS AS (id * 2) STORED, thrice int GENERATED ALWAYS AS (id * 3) VIRTUAL)",
        "CREATE TABLE u (id int PRIMARY KEY, secret text)",
        "CREATE PUBLICATION mine FOR TABLE t, TABLE u (id)");
    assertThat(wrong(check(database.with(Map.of("publication", "mine")), "public.t", "public.u")))
        .containsExactly(
            "public.t: its log does not bring the columns thrice, twice, which are generated or not published; the copy leaves them out too -> give it method: FULL_TABLE if they are needed",
            "public.u: its log does not bring the columns secret, which are generated or not published; the copy leaves them out too -> give it method: FULL_TABLE if they are needed");
    assertThat(wrong(check(database.settings(), "public.t")))
        .singleElement()
        .asString()
        .startsWith("public.t: its log does not bring the columns thrice, ");
  }

  @Test
  void whatWal2jsonCannotTellIsTold() throws Exception {
    Map<String, Object> settings = database.with(Map.of("plugin", "wal2json", "format", "1"));
    assertThat(wrong(check(settings, "public.orders")))
        .anyMatch(line -> line.contains("NaN and infinities of the columns weight, total as NULL"))
        .anyMatch(line -> line.contains("format 1 of wal2json does not tell of TRUNCATE"));
  }

  @Test
  void aSlotThatCannotServeIsTold() throws Exception {
    database.execute(
        "SELECT pg_create_logical_replication_slot('tapline_%s', 'test_decoding')".formatted(name));
    assertThat(wrong(check(database.settings(), "public.orders")))
        .anyMatch(line -> line.contains("'test_decoding'"));
  }
}
