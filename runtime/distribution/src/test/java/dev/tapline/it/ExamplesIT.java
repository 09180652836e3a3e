package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;
import dev.tapline.demo.DemoServer;
import dev.tapline.files.s3.S3Files;
import dev.tapline.files.s3.S3Server;
import dev.tapline.source.postgres.testing.MariaDbContainer;
import dev.tapline.source.postgres.testing.TestServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Runs the examples of the distribution as they stand, against the demo's shop.
class ExamplesIT {
  private static final Path EXAMPLES = Distribution.HOME.resolve("examples");
  private static final Map<String, Integer> ROWS =
      Map.of(
          "customers",
          40_000,
          "products",
          2_000,
          "orders",
          108_000,
          "order_lines",
          270_000,
          "events",
          80_000);

  private static DemoServer server;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws Exception {
    server = DemoServer.start(Distribution.HOME.resolve("lib/demo"));
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @Test
  void noExampleIsWithoutATest() throws IOException {
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "duckdb", "jsonl", "mariadb", "parquet", "postgresql", "s3", "singer", "zstd");
    }
  }

  @Test
  void jsonlWritesEveryRow() throws Exception {
    run("jsonl");
    for (Map.Entry<String, Integer> table : ROWS.entrySet()) {
      assertThat(Output.rows(folder.resolve("out"), "public__" + table.getKey()))
          .hasSize(table.getValue());
    }
  }

  @Test
  void parquetWritesEveryRow() throws Exception {
    run("parquet");
    try (ParquetOutput output = new ParquetOutput()) {
      for (Map.Entry<String, Integer> table : ROWS.entrySet()) {
        String rows = ParquetOutput.table(folder.resolve("out"), "public__" + table.getKey());
        assertThat(output.number("SELECT count(*) FROM " + rows))
            .isEqualTo(table.getValue().longValue());
      }
    }
  }

  @Test
  void s3WritesEveryRow() throws Exception {
    S3Server store = S3Server.shared();
    String bucket = store.bucket();
    run(
        "s3",
        Distribution.HOME,
        Map.of(
            "S3_ENDPOINT",
            store.endpoint(),
            "S3_BUCKET",
            bucket,
            "AWS_ACCESS_KEY_ID",
            S3Server.ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY",
            S3Server.SECRET_KEY));
    try (ParquetOutput output = new ParquetOutput()) {
      for (Map.Entry<String, Integer> table : ROWS.entrySet()) {
        String prefix = "shop/public__" + table.getKey() + "/";
        Path copies = folder.resolve("copies").resolve(table.getKey());
        String files =
            S3Files.current(store, bucket, prefix, copies).stream()
                .map(file -> "'" + file + "'")
                .collect(Collectors.joining(", ", "[", "]"));
        assertThat(output.number("SELECT count(*) FROM read_parquet(%s)".formatted(files)))
            .isEqualTo(table.getValue().longValue());
      }
    }
  }

  @Test
  void zstdWritesEveryRowCompressedAndWithoutMetadata() throws Exception {
    run("zstd");
    for (Map.Entry<String, Integer> table : ROWS.entrySet()) {
      int rows = 0;
      for (Path file : Output.files(folder.resolve("out/public__" + table.getKey()))) {
        assertThat(file.getFileName().toString()).endsWith(".jsonl.zst");
        try (BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(
                    new ZstdInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
          for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            assertThat(Output.JSON.readTree(line).has("_op")).isFalse();
            rows++;
          }
        }
      }
      assertThat(rows).as(table.getKey()).isEqualTo(table.getValue());
    }
  }

  @Test
  void singerWritesEveryRowToStandardOutput() throws Exception {
    Distribution.Result result = run("singer");
    Map<String, Integer> records = new HashMap<>();
    int versions = 0;
    for (String line : result.out().lines().toList()) {
      JsonNode message = Output.JSON.readTree(line);
      switch (message.get("type").stringValue()) {
        case "RECORD" -> records.merge(message.get("stream").stringValue(), 1, Integer::sum);
        case "ACTIVATE_VERSION" -> versions++;
        default -> assertThat(message.get("type").stringValue()).isIn("SCHEMA", "STATE");
      }
    }
    assertThat(records.values()).containsExactlyInAnyOrderElementsOf(ROWS.values());
    assertThat(versions).isEqualTo(ROWS.size());
    assertThat(result.err()).contains("singer: 5 of 5 streams, 500,000 rows");
  }

  @Test
  void postgresqlCopiesEveryRowToAnotherServer() throws Exception {
    try (TestServer copy = TestServer.start()) {
      String url = "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(copy.port());
      run("postgresql", Distribution.HOME, copyTo(url, "postgres", "unused"));
      for (Map.Entry<String, Integer> table : ROWS.entrySet()) {
        assertThat(copy.value("SELECT count(*) FROM shop.public__" + table.getKey()))
            .isEqualTo(table.getValue().toString());
      }
    }
  }

  @Test
  void mariadbCopiesEveryRow() throws Exception {
    try (MariaDbContainer copy = new MariaDbContainer()) {
      copy.start();
      String url = copy.url("tapline");
      run(
          "mariadb",
          Distribution.HOME,
          copyTo(url, MariaDbContainer.USER, MariaDbContainer.PASSWORD));
      requireRows(
          DriverManager.getConnection(url, MariaDbContainer.USER, MariaDbContainer.PASSWORD));
    }
  }

  @Test
  void duckdbCopiesEveryRowOnceItsDriverIsThere() throws Exception {
    Path home = DroppedDriver.folder(folder, "duckdb_jdbc");
    run("duckdb", home, Map.of());
    requireRows(DriverManager.getConnection("jdbc:duckdb:" + folder.resolve("shop.duckdb")));
  }

  private static void requireRows(Connection copy) throws SQLException {
    try (copy;
        Statement statement = copy.createStatement()) {
      for (Map.Entry<String, Integer> table : ROWS.entrySet()) {
        try (ResultSet rows =
            statement.executeQuery("SELECT count(*) FROM public__" + table.getKey())) {
          rows.next();
          assertThat(rows.getInt(1)).as(table.getKey()).isEqualTo(table.getValue());
        }
      }
    }
  }

  private static Map<String, String> copyTo(String url, String user, String password) {
    return Map.of("COPY_URL", url, "COPY_USER", user, "COPY_PASSWORD", password);
  }

  private Distribution.Result run(String example) throws Exception {
    return run(example, Distribution.HOME, Map.of());
  }

  private Distribution.Result run(String example, Path home, Map<String, String> more)
      throws Exception {
    Files.copy(EXAMPLES.resolve(example).resolve("pipeline.yaml"), folder.resolve("pipeline.yaml"));
    Map<String, String> environment = new HashMap<>(server.environment());
    environment.putAll(more);
    Distribution.Result result =
        Distribution.run(home, folder, environment, "run", "pipeline.yaml");
    assertThat(result.code()).as("%s", result.err()).isZero();
    return result;
  }
}
