package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.testing.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What somebody does who has a database and no descriptor yet.
class FirstStepsIT {
  private static TestServer server;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    server = TestServer.start();
    server.execute("CREATE DATABASE shop");
    server.executeIn(
        "shop",
        "CREATE TABLE orders (id int PRIMARY KEY, updated_at timestamptz NOT NULL, total numeric(12,2))",
        "INSERT INTO orders SELECT i, now(), i FROM generate_series(1, 10) i",
        "CREATE TABLE \"Odd Name\" (tags text[])",
        "CREATE SCHEMA crm",
        "CREATE TABLE crm.people (id bigint PRIMARY KEY)",
        "CREATE VIEW crm.names AS SELECT id FROM crm.people",
        "CREATE ROLE reader LOGIN PASSWORD 'open:sesame'",
        "GRANT USAGE ON SCHEMA crm TO reader",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public, crm TO reader",
        "ANALYZE");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void initWritesADescriptorThatRunsAsItIs() throws Exception {
    String url = "postgresql://reader:open%3Asesame@127.0.0.1:" + server.port() + "/shop";

    Distribution.Result init = Distribution.run(folder, "init", url);

    assertThat(init.code()).as("%s", init).isZero();
    String text = Files.readString(folder.resolve("pipeline.yaml"));
    assertThat(text)
        .contains("  - table: public.*", "  - table: crm.*", "# - view: crm.names")
        .contains("# - table: public.orders      # ~10 rows", "key id")
        .contains("#   replication-key: [updated_at]")
        .contains("  password: ${env:PGPASSWORD}")
        .doesNotContain("open:sesame", "open%3Asesame");
    Map<String, String> variables = Map.of("PGPASSWORD", "open:sesame");
    Distribution.Result check = Distribution.run(folder, variables, "check", "pipeline.yaml");
    assertThat(check.code()).as("%s", check).isZero();
    Distribution.Result run = Distribution.run(folder, variables, "run", "pipeline.yaml");
    assertThat(run.code()).as("%s", run).isZero();
    assertThat(Output.rows(folder.resolve("out"), "public__orders")).hasSize(10);
  }

  @Test
  void aSchemaThatIsClosedToTheUserIsSaidWithItsGrant() throws Exception {
    server.executeIn("shop", "CREATE SCHEMA vault", "CREATE TABLE vault.gold (id int)");
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        """
        source: {type: postgres, host: 127.0.0.1, port: %d, database: shop, user: reader}
        streams: [{table: vault.*}, {table: vault.gold}]
        sink: {type: jsonl, path: out}
        """
            .formatted(server.port()));

    Distribution.Result check = Distribution.run(folder, "check", "pipeline.yaml");

    assertThat(check.out())
        .contains("error   vault.*: user 'reader' may not look into schema 'vault'")
        .contains("error   vault.gold: user 'reader' may not look into schema 'vault'")
        .contains("        GRANT USAGE ON SCHEMA \"vault\" TO \"reader\";");
  }

  @Test
  void initDoesNotReplaceAFile() throws Exception {
    Files.writeString(folder.resolve("pipeline.yaml"), "mine");

    Distribution.Result init = Distribution.run(folder, "init", server.url("shop"));

    assertThat(init.code()).isEqualTo(2);
    assertThat(init.err()).contains("there is a file 'pipeline.yaml' already");
    assertThat(Files.readString(folder.resolve("pipeline.yaml"))).isEqualTo("mine");
    Distribution.Result printed =
        Distribution.run(folder, "init", "--output", "-", server.url("shop"));
    assertThat(printed.out()).contains("streams:");
    Distribution.Result forced = Distribution.run(folder, "init", "--force", server.url("shop"));
    assertThat(forced.code()).isZero();
  }

  @Test
  void aDryRunSaysWhatWouldBeDoneAndDoesNothing() throws Exception {
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        """
        source: {type: postgres, url: "%s"}
        method: FULL_TABLE
        streams:
          - table: public.*
          - table: public.orders
            method: INCREMENTAL
            replication-key: [updated_at]
          - table: crm.people
            method: INCREMENTAL
          - view: crm.names
            method: INCREMENTAL
            replication-key: [id]
        sink: {type: jsonl, path: out}
        """
            .formatted(server.url("shop")));

    Distribution.Result dry = Distribution.run(folder, "run", "--dry-run", "pipeline.yaml");

    assertThat(dry.code()).as("%s", dry).isEqualTo(1);
    assertThat(dry.out())
        .containsPattern(
            "public.orders +INCREMENTAL +first copy +copy in 1 read +public__orders +pipeline.yaml:5:5")
        .containsPattern("public.Odd Name +FULL_TABLE +first copy +copy in 1 read")
        .containsPattern("crm.names +INCREMENTAL +first copy +copy in 1 read")
        .contains("crm.people: it has no replication key")
        .doesNotContain("crm.names:");
    assertThat(folder.resolve("out")).doesNotExist();
    assertThat(folder.resolve(".tapline")).doesNotExist();

    Distribution.run(folder, "run", "--stream", "public.*", "pipeline.yaml");
    Distribution.Result second =
        Distribution.run(folder, "run", "--dry-run", "--stream", "public.orders", "pipeline.yaml");

    assertThat(second.code()).as("%s", second).isZero();
    assertThat(second.out())
        .containsPattern(
            "public.orders +INCREMENTAL +updated_at=2\\S+ \\S+ +1 read from the position");
  }

  @Test
  void discoversAsASingerTapDoes() throws Exception {
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        """
        source: {type: postgres, url: "%s"}
        streams: [{table: public.*}]
        sink: {type: jsonl, path: out}
        """
            .formatted(server.url("shop")));

    Distribution.Result result =
        Distribution.run(folder, "discover", "--format", "singer", "pipeline.yaml");

    JsonNode streams = Output.JSON.readTree(result.out()).get("streams");
    JsonNode orders =
        streams
            .valueStream()
            .filter(stream -> stream.get("tap_stream_id").asString().equals("shop-public-orders"))
            .findFirst()
            .orElseThrow();
    assertThat(orders.get("key_properties").get(0).asString()).isEqualTo("id");
    assertThat(orders.at("/schema/properties/total/type/1").asString()).isEqualTo("number");
    assertThat(orders.at("/metadata/0/metadata/valid-replication-keys").valueStream())
        .extracting(JsonNode::asString)
        .containsExactly("id", "updated_at");
    assertThat(Distribution.run(folder, "discover", "pipeline.yaml").out())
        .containsPattern("public\\.orders +table .* FULL_TABLE, INCREMENTAL, LOG_BASED");
    assertThat(orders.at("/metadata/1/metadata/inclusion").asString()).isEqualTo("automatic");
  }
}
