package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.testing.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Several databases in one pipeline, and what a check says of the connection.
class DatabasesIT {
  @TempDir Path folder;

  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start("wal_level = logical", "max_replication_slots = 20");
    server.execute("CREATE DATABASE shop", "CREATE DATABASE crm");
    server.executeIn("shop", "CREATE TABLE orders AS SELECT generate_series(1, 3) AS id");
    server.executeIn("crm", "CREATE TABLE orders AS SELECT generate_series(1, 5) AS id");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private Distribution.Result runtime(String databases, String command, String... options)
      throws Exception {
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        """
        source: {type: postgres, host: 127.0.0.1, databases: %s, user: postgres}
        streams: [{table: public.*}]
        sink: {type: jsonl, path: out}
        """
            .formatted(databases));
    String[] arguments = new String[options.length + 2];
    arguments[0] = command;
    System.arraycopy(options, 0, arguments, 1, options.length);
    arguments[arguments.length - 1] = "pipeline.yaml";
    return Distribution.run(folder, Map.of("PGPORT", String.valueOf(server.port())), arguments);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[shop, crm]", "'*'"})
  void streamsOfEqualNamesAreToldApart(String databases) throws Exception {
    Distribution.Result result = runtime(databases, "run");

    assertThat(result.code()).as("%s", result).isZero();
    assertThat(result.out()).contains("shop.public.orders", "crm.public.orders");
    assertThat(result.err())
        .contains(
            "stream shop.public.orders: done, 3 rows", "stream crm.public.orders: done, 5 rows");
    assertThat(Output.rows(folder.resolve("out"), "shop__public__orders")).hasSize(3);
    assertThat(Output.rows(folder.resolve("out"), "crm__public__orders")).hasSize(5);
  }

  /// Copies of one database, so that their tables have the same numbers, too.
  @Test
  void databasesWhoseNamesComeToOneHaveSlotsOfTheirOwn() throws Exception {
    List<String> names = List.of("a b", "a_b", "A b");
    server.execute("CREATE DATABASE template");
    server.executeIn("template", "CREATE TABLE t (id int PRIMARY KEY, note text)");
    for (String name : names) {
      server.execute("CREATE DATABASE \"%s\" TEMPLATE template".formatted(name));
      server.executeIn(name, "INSERT INTO t VALUES (1, '%s')".formatted(name));
    }
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        """
        source: {type: postgres, host: 127.0.0.1, databases: ["a b", "a_b", "A b"], user: postgres}
        method: LOG_BASED
        streams: [{table: public.t}]
        sink: {type: jsonl, path: out}
        """);
    Map<String, String> port = Map.of("PGPORT", String.valueOf(server.port()));
    for (int run = 1; run <= 2; run++) {
      Distribution.Result result = Distribution.run(folder, port, "run", "pipeline.yaml");
      assertThat(result.code()).as("%s", result).isZero();
      for (String name : names) {
        List<JsonNode> rows = Output.rows(folder.resolve("out"), name + "__public__t");
        assertThat(rows).hasSize(run).allMatch(row -> name.equals(row.get("note").asString()));
        server.executeIn(name, "INSERT INTO t VALUES (%d, '%s')".formatted(run + 1, name));
      }
    }

    assertThat(
            server.value(
                "SELECT count(*) || ',' || count(DISTINCT database) FROM pg_replication_slots"))
        .isEqualTo("3,3");
    Distribution.Result slots = Distribution.run(folder, port, "slots", "pipeline.yaml");
    assertThat(slots.out().lines().filter(line -> line.contains("tapline_a_b"))).hasSize(3);
  }

  @Test
  void aCheckSaysWhatFailedAndItsRemedyForPeopleAndForPrograms() throws Exception {
    Distribution.Result text = runtime("[shpo]", "check");
    assertThat(text.code()).as("%s", text).isEqualTo(1);
    assertThat(text.out())
        .contains("error   database: database 'shpo' does not exist on 127.0.0.1:", "'shop'?");
    Distribution.Result json = runtime("[shpo]", "check", "--format", "json");
    assertThat(json.code()).isEqualTo(1);
    assertThat(json.out())
        .contains("\"severity\" : \"error\"", "\"subject\" : \"database\"", "\"remedy\"");
    Distribution.Result well = runtime("[shop]", "check");
    assertThat(well.code()).as("%s", well).isZero();
    assertThat(well.out()).contains("ok      connection: database 'shop' on 127.0.0.1:");
  }
}
