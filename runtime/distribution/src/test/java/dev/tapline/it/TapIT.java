package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Tapline as a Singer tap, called as Meltano and the shell's pipes call one.
class TapIT {
  private static TestServer server;

  @TempDir Path folder;

  private SingerConsumer target;
  private int code;

  @BeforeAll
  static void start() {
    server = TestServer.start("wal_level = logical");
    server.execute("CREATE DATABASE shop");
    server.executeIn(
        "shop",
        "CREATE TYPE mood AS ENUM ('sad', 'ok')",
        """
        CREATE TABLE "all" (id bigint PRIMARY KEY, b boolean, i2 smallint, i4 int, f4 real, f8 float8,
          n numeric, n2 numeric(12,2), n0 numeric(5,0), t text, v varchar(10), d date, ti time, ts timestamp,
          tz timestamptz, j json, jb jsonb, by bytea, u uuid, m mood, a int[], tt text[], iv interval, ip inet)\
        """,
        "INSERT INTO \"all\" (id, n2, j) VALUES (1, 1.50, 'null'), (2, NULL, '[1]')",
        "CREATE TABLE orders (id int PRIMARY KEY, updated_at timestamptz NOT NULL DEFAULT now(), note text, secret text)",
        "INSERT INTO orders SELECT i, timestamptz '2026-01-01' + i * interval '1 minute', 'n', 's' FROM generate_series(1, 20) i",
        "CREATE VIEW recent AS SELECT id, note FROM orders",
        "CREATE TABLE other (id int)");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void configure() throws IOException {
    target = new SingerConsumer(folder.resolve("state.json"));
    config("\"method\": \"FULL_TABLE\"");
  }

  private void config(String more) throws IOException {
    // As Python's json.dump writes it, with a password that needs escapes.
    Files.writeString(
        folder.resolve("config.json"),
        """
        {
          "source": {
            "type": "postgres", "host": "127.0.0.1", "port": %d, "database": "shop",
            "user": "postgres", "password": "sesame\\u00e4\\/\\"\\ud83d\\ude00", "application-name": "tap"
          },
          %s
        }
        """
            .formatted(server.port(), more));
  }

  /// A tap's call; its output goes to the target.
  private String tap(String... arguments) throws Exception {
    Process tap = start(arguments);
    target.read(tap.getInputStream(), Long.MAX_VALUE);
    return end(tap);
  }

  private Process start(String... arguments) throws IOException {
    // Meltano links executables into its folders.
    Path link = folder.resolve("tap-tapline");
    if (!Files.isSymbolicLink(link)) {
      Files.createSymbolicLink(link, Distribution.HOME.resolve("bin/tap-tapline"));
    }
    List<String> command = new ArrayList<>(List.of(link.toString(), "--config", "config.json"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(folder.resolve("stderr.txt").toFile());
    Path temporary = Files.createDirectories(folder.resolve("tmp"));
    builder.environment().put("TAPLINE_JAVA_OPTIONS", "-Djava.io.tmpdir=" + temporary);
    return builder.start();
  }

  private String end(Process tap) throws Exception {
    assertThat(tap.waitFor(60, TimeUnit.SECONDS)).isTrue();
    code = tap.exitValue();
    assertThat(folder.resolve("tmp")).isEmptyDirectory();
    return Files.readString(folder.resolve("stderr.txt"));
  }

  private ObjectNode discovered() throws Exception {
    Process tap = start("--discover");
    String catalog = new String(tap.getInputStream().readAllBytes(), "UTF-8");
    assertThat(end(tap)).doesNotContain("ERROR");
    assertThat(code).isZero();
    return (ObjectNode) Output.JSON.readTree(catalog);
  }

  private static JsonNode stream(JsonNode catalog, String id) {
    return catalog
        .get("streams")
        .valueStream()
        .filter(stream -> stream.get("tap_stream_id").asString().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static ObjectNode metadata(JsonNode stream, String... breadcrumb) {
    return stream
        .get("metadata")
        .valueStream()
        .filter(each ->
            each.get("breadcrumb")
                .valueStream()
                .map(JsonNode::asString)
                .toList()
                .equals(List.of(breadcrumb)))
        .map(each -> (ObjectNode) each.get("metadata"))
        .findFirst()
        .orElseThrow();
  }

  /// The catalog with these streams selected, as Meltano does it: all others are said not to be.
  private void select(JsonNode catalog, String... ids) throws IOException {
    for (JsonNode stream : catalog.get("streams")) {
      boolean selected = List.of(ids).contains(stream.get("tap_stream_id").asString());
      for (JsonNode each : stream.get("metadata")) {
        ObjectNode metadata = (ObjectNode) each.get("metadata");
        if (!metadata.has("selected")) {
          metadata.put("selected", selected);
        }
      }
    }
    Files.writeString(folder.resolve("catalog.json"), catalog.toPrettyString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"embed", "text"})
  void theCatalogHasTheTypesOfTheMessages(String json) throws Exception {
    config("\"sink\": {\"json\": \"" + json + "\"}");
    JsonNode catalog = discovered();
    select(catalog, "shop-public-all");

    String log = tap("--catalog", "catalog.json");

    assertThat(code).as(log).isZero();
    JsonNode announced = target.schema("public__all").at("/schema/properties");
    JsonNode promised = stream(catalog, "shop-public-all").at("/schema/properties");
    List<String> names = new ArrayList<>(promised.propertyNames());
    if (json.equals("embed")) {
      names.add("_json_null");
    }
    assertThat(announced.propertyNames()).containsExactlyElementsOf(names);
    for (String column : promised.propertyNames()) {
      assertThat(announced.get(column)).as(column).isEqualTo(promised.get(column));
    }
    assertThat(target.rows("public__all")).hasSize(2);
  }

  @Test
  void bringsWhatTheCatalogSelectsAndGoesOnFromTheTargetsState() throws Exception {
    JsonNode catalog = discovered();
    JsonNode orders = stream(catalog, "shop-public-orders");
    metadata(orders).put("replication-method", "INCREMENTAL").put("replication-key", "updated_at");
    metadata(orders, "properties", "secret").put("selected", false);
    ArrayNode key = metadata(stream(catalog, "shop-public-recent")).putArray("view-key-properties");
    key.add("id");
    select(catalog, "shop-public-orders", "shop-public-recent");

    String log = tap("--catalog", "catalog.json");

    assertThat(code).as(log).isZero();
    assertThat(log)
        .contains("2 of 2 streams, 40 rows", "no --state is given, so every stream begins anew")
        .doesNotContain("tapline-tap");
    assertThat(target.rows("public__orders"))
        .hasSize(20)
        .allSatisfy(
            row -> assertThat(row.propertyNames()).containsExactly("id", "updated_at", "note"));
    assertThat(target.schema("public__recent").get("key_properties").toString())
        .isEqualTo("[\"id\"]");
    assertThat(target.rows("public__recent")).hasSize(20);

    // As Meltano hands it over.
    Files.writeString(folder.resolve("last.json"), target.states.getLast().toPrettyString());
    server.executeIn("shop", "INSERT INTO orders VALUES (21, '2027-01-01', 'new', 's')");
    String second = tap("--catalog", "catalog.json", "--state", "last.json");
    server.executeIn("shop", "DELETE FROM orders WHERE id = 21");

    assertThat(second).contains("2 of 2 streams, 22 rows").doesNotContain("no --state is given");
    assertThat(target.rows("public__orders")).hasSize(21);
  }

  /// The kind: what the configuration says and a catalog has no word for is not lost with a
  /// catalog.
  @Test
  void whatACatalogHasNoWordForHoldsAsConfigured() throws Exception {
    server.executeIn(
        "shop",
        "CREATE TABLE late (id int PRIMARY KEY, updated_at timestamptz, note text)",
        "INSERT INTO late VALUES (1, '2026-01-01 12:00Z', 'first')",
        "CREATE TABLE bare (id int NOT NULL, word text, more text)",
        "INSERT INTO bare VALUES (1, 'w', 'm')");
    config(
        """
        "streams": [
          {"table": "public.*"},
          {"table": "public.late", "method": "INCREMENTAL", "replication-key": ["updated_at"], "lookback": "1h"},
          {"table": "public.bare", "primary-key": ["id"], "columns": {"include": ["id", "word"]}}]\
        """);
    select(discovered(), "shop-public-late", "shop-public-bare");
    String log = tap("--catalog", "catalog.json");
    assertThat(code).as(log).isZero();
    Files.writeString(folder.resolve("last.json"), target.states.getLast().toPrettyString());
    server.executeIn(
        "shop",
        "INSERT INTO late VALUES (2, '2026-01-01 11:30Z', 'committed late')",
        "ALTER TABLE bare ADD COLUMN secret text DEFAULT 's'");

    String second = tap("--catalog", "catalog.json", "--state", "last.json");

    assertThat(code).as(second).isZero();
    assertThat(target.rows("public__late")).hasSize(2);
    assertThat(target.schema("public__bare").get("key_properties").toString())
        .isEqualTo("[\"id\"]");
    assertThat(target.rows("public__bare"))
        .singleElement()
        .satisfies(row -> assertThat(row.propertyNames()).containsExactly("id", "word"));
    server.executeIn("shop", "DROP TABLE late, bare");
  }

  @Test
  void aTableThatIsSelectedTwiceIsRefused() throws Exception {
    ObjectNode catalog = discovered();
    ArrayNode streams = (ArrayNode) catalog.get("streams");
    ObjectNode copy = (ObjectNode) stream(catalog, "shop-public-orders").deepCopy();
    streams.add(copy.put("tap_stream_id", "copy").put("stream", "orders_copy"));
    select(catalog, "shop-public-orders", "copy");

    String log = tap("--catalog", "catalog.json");

    assertThat(code).isEqualTo(2);
    assertThat(log).contains("catalog.json: copy", "is selected twice");
  }

  @Test
  void theConfigurationsOwnStreamsDoWithoutACatalog() throws Exception {
    config(
        "\"streams\": [{\"table\": \"public.orders\", \"method\": \"LOG_BASED\", \"columns\": {\"exclude\": [\"secret\"]}}]");

    String log = tap();

    assertThat(code).as(log).isZero();
    assertThat(target.rows("public__orders")).hasSize(20);
    assertThat(target.states.getLast().at("/bookmarks/public__orders/lsn").isNumber()).isTrue();
    // And are what a catalog proposes.
    JsonNode orders = stream(discovered(), "shop-public-orders");
    assertThat(metadata(orders).get("selected-by-default").booleanValue()).isTrue();
    assertThat(metadata(orders).get("replication-method").asString()).isEqualTo("LOG_BASED");
    assertThat(metadata(orders, "properties", "secret").get("selected-by-default").booleanValue())
        .isFalse();
    server.executeIn("shop", "SELECT pg_drop_replication_slot('tapline_shop')");
  }

  @Test
  void aDefaultMethodThatAViewHasNotIsLeftOutOfItsProposal() throws Exception {
    config("\"method\": \"LOG_BASED\"");
    JsonNode catalog = discovered();
    assertThat(metadata(stream(catalog, "shop-public-orders")).get("replication-method").asString())
        .isEqualTo("LOG_BASED");
    assertThat(metadata(stream(catalog, "shop-public-recent")).get("replication-method").asString())
        .isEqualTo("FULL_TABLE");
  }

  @Test
  void readsTheConfigurationOfTapPostgres() throws Exception {
    server.executeIn("shop", "CREATE SCHEMA crm", "CREATE TABLE crm.people (id int PRIMARY KEY)");
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"host": "127.0.0.1", "port": "%d", "dbname": "shop", "user": "postgres", "password": "x",
          "ssl": "false", "filter_schemas": "crm, public", "default_replication_method": "INCREMENTAL"}
        """
            .formatted(server.port()));
    JsonNode catalog = discovered();
    assertThat(catalog.get("streams").valueStream())
        .extracting(stream -> stream.get("tap_stream_id").asString())
        .contains("shop-crm-people", "shop-public-orders");
    metadata(stream(catalog, "shop-public-orders")).put("replication-key", "updated_at");
    select(catalog, "shop-public-orders");

    String log = tap("--catalog", "catalog.json");

    assertThat(code).as(log).isZero();
    assertThat(target.states.getLast().at("/bookmarks/public__orders/replication_key").asString())
        .isEqualTo("updated_at");
    Files.writeString(
        folder.resolve("config.json"),
        Files.readString(folder.resolve("config.json")).replace("crm, public", "crm"));
    assertThat(discovered().get("streams")).hasSize(1);
    server.executeIn("shop", "DROP SCHEMA crm CASCADE");
  }

  @Test
  void aStreamThatIsGoneIsAnErrorAndTheOthersAreBrought() throws Exception {
    JsonNode catalog = discovered();
    ObjectNode gone = (ObjectNode) stream(catalog, "shop-public-other");
    gone.put("table_name", "gone").put("tap_stream_id", "shop-public-gone");
    select(catalog, "shop-public-orders", "shop-public-gone");

    String log = tap("--catalog", "catalog.json");

    assertThat(code).isEqualTo(1);
    assertThat(log)
        .contains("there is no table '\"shop\".\"public\".\"gone\"' that the user may read")
        .contains("see catalog.json: shop-public-gone");
    assertThat(target.rows("public__orders")).hasSize(20);
  }

  @Test
  void whatIsWrongIsSaidWithItsFile() throws Exception {
    refused("--catalog: there is no file 'none.json'", "--catalog", "none.json");
    refused("--state: there is no file 'none.json'", "--state", "none.json");
    Files.writeString(folder.resolve("catalog.json"), "{\"streams\": ");
    refused("the catalog 'catalog.json' is not JSON", "--catalog", "catalog.json");
    select(discovered());
    refused("the catalog 'catalog.json' selects no stream", "--catalog", "catalog.json");
    refused(
        "nothing says which tables to read: give a --catalog that selects some (--discover writes one), or 'config.json' a list 'streams'");
    config(
        "\"streams\": [{\"table\": \"public.*\"}], \"sink\": {\"type\": \"jsonl\", \"format\": \"json\", \"path\": \"out\"}");
    refused("config.json: a tap writes Singer's messages; take 'type' and 'format' out of 'sink'");
    Files.writeString(folder.resolve("config.json"), "{\"host\": \"h\", \"itersize\": 7}");
    refused("config.json:1:15: unknown key 'itersize'", "--discover");
  }

  private void refused(String message, String... arguments) throws Exception {
    List<JsonNode> before = new ArrayList<>(target.states);
    String log = tap(arguments);
    assertThat(code).as(log).isEqualTo(2);
    assertThat(log).contains(message);
    assertThat(target.states).isEqualTo(before);
    assertThat(target.lines).isZero();
  }
}
