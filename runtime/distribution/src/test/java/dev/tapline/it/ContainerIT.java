package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.testing.PostgresContainer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The server as a distribution ships it, in a container: with a password, over a network, with
/// wal2json, and with every connection cut in the middle of a run.
class ContainerIT {
  @TempDir Path folder;

  @Test
  void aRunGoesOnWhenAllItsConnectionsAreCutInTheMiddle() throws Exception {
    try (PostgresContainer server = new PostgresContainer()) {
      server.start();
      try (Connection connection = server.connect();
          Statement statement = connection.createStatement()) {
        statement.execute(
            "CREATE TABLE orders AS SELECT i AS id, repeat('x', 500) AS filler FROM generate_series(1, 200000) i");
        statement.execute("CREATE TABLE fast AS SELECT 1 AS id");
        statement.execute(
            // Slow enough to be hit.
            "CREATE VIEW slow AS SELECT i AS id, pg_sleep(0.005)::text AS nap FROM generate_series(1, 1000) i");
        assertThat(
                value(
                    statement,
                    "SELECT slot_name FROM pg_create_logical_replication_slot('x', 'wal2json')"))
            .isEqualTo("x");
      }
      Files.writeString(
          folder.resolve("pipeline.yaml"),
          """
          source: {type: postgres, url: "${env:DATABASE_URL}"}
          streams: [{table: public.*}, {view: public.slow}]
          sink: {type: jsonl, path: out}
          """);
      Process process =
          Distribution.start(
              Distribution.HOME,
              folder,
              Map.of("DATABASE_URL", server.url()),
              "run",
              "pipeline.yaml");
      await("public.orders: done");

      try (Connection connection = server.connect();
          Statement statement = connection.createStatement()) {
        statement.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()");
      }
      Distribution.Result result = Distribution.end(process, folder);

      assertThat(result.code()).as("%s", result).isZero();
      assertThat(result.err()).contains("planned anew");
      assertThat(result.err()).doesNotContain(PostgresContainer.PASSWORD + "@");
      assertThat(Output.rows(folder.resolve("out"), "public__orders")).hasSize(200_000);
      assertThat(Output.rows(folder.resolve("out"), "public__slow"))
          .extracting((JsonNode row) -> row.get("id").asInt())
          .doesNotHaveDuplicates()
          .hasSize(1000);
      assertThat(Output.rows(folder.resolve("out"), "public__fast"))
          .extracting((JsonNode row) -> row.get("id").asInt())
          .containsExactly(1);
    }
  }

  private static String value(Statement statement, String query) throws Exception {
    try (ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private void await(String text) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!Files.readString(folder.resolve("stderr.txt")).contains(text)) {
      assertThat(System.nanoTime())
          .as("%s", Files.readString(folder.resolve("stderr.txt")))
          .isLessThan(deadline);
      Thread.onSpinWait();
    }
  }
}
