package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class DemoIT {
  private static final Map<String, Integer> ROWS =
      Map.of(
          "public__customers", 40_000,
          "public__products", 2_000,
          "public__orders", 108_000,
          "public__order_lines", 270_000,
          "public__events", 80_000);

  private static final String FURTHER =
      """
      name: further
      source:
        type: postgres
        host: ${env:PGHOST}
        port: ${env:PGPORT}
        database: ${env:PGDATABASE}
        user: ${env:PGUSER}
        password: ${env:PGPASSWORD}
      method: FULL_TABLE
      streams:
        - table: public.customers
      sink:
        type: parquet
        path: further
      """;

  @TempDir Path folder;

  /// Where the demo puts its server, so that this test sees no other one's.
  private Path temporary;

  @BeforeEach
  void makeTemporaryFolder() throws IOException {
    temporary = Files.createDirectory(folder.resolve("temporary"));
  }

  @Test
  void copiesTheWholeShopAndLeavesNothingRunning() throws Exception {
    Distribution.Result result = Distribution.end(start(), folder);

    assertThat(result.code()).as("%s", result).isZero();
    assertThat(result.out())
        .contains(Files.readString(folder.resolve("shop/pipeline.yaml")))
        .contains("demo: 5 of 5 streams, 500,000 rows")
        .containsPattern("\\n\\{\"id\":\\d+,\"customer_id\":")
        .contains(Files.readString(folder.resolve("shop/follow.yaml")))
        .containsPattern("public\\.orders +LOG_BASED +stopped +1\\d\\d,\\d+ .* lsn=")
        .containsPattern("\\{\"id\":\\d+,\"customer_id\":.*\"_op\":\"[iud]\",\"_lsn\":")
        .containsPattern("orders +10\\d,\\d+ +10\\d,\\d+ +[\\d,]+ +equal")
        .contains("The copy equals the source.")
        .contains("What to try next");
    assertThat(rowsWritten()).isEqualTo(rowsReported());
    assertThat(rowsWritten().get("public__events")).isLessThan(ROWS.get("public__events"));
    assertNothingIsLeft();

    Path further = Files.writeString(folder.resolve("further.yaml"), FURTHER);
    Distribution.Result second = Distribution.end(start("--pipeline", further.toString()), folder);

    assertThat(second.code()).as("%s", second).isZero();
    assertThat(second.out())
        .contains("The copy equals the source.")
        .contains("further: 1 of 1 streams, 40,000 rows");
    assertThat(Files.list(folder.resolve("further/public__customers")))
        .anyMatch(file -> file.toString().endsWith(".parquet"));
    assertNothingIsLeft();
  }

  @Test
  void namesWhatIsWrongWithAFurtherPipelineBeforeAnythingIsCopied() throws Exception {
    Distribution.Result result = Distribution.end(start("--pipeline", "none.yaml"), folder);

    assertThat(result.code()).as("%s", result).isEqualTo(2);
    assertThat(result.err()).contains("none.yaml");
    assertThat(folder.resolve("shop/out")).doesNotExist();
    assertNothingIsLeft();
  }

  @ParameterizedTest
  @CsvSource({
    "INT, 130, starting a PostgreSQL server",
    "TERM, 143, starting a PostgreSQL server",
    "INT, 130, 5 streams",
    "TERM, 143, run begins",
    "TERM, 143, its changes follow",
    "INT, 130, its changes follow"
  })
  void leavesNothingRunningWhenItIsStopped(String signal, int code, String when) throws Exception {
    Process process = start();
    awaitText(folder.resolve("stderr.txt"), when);

    new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
    Distribution.Result result = Distribution.end(process, folder);

    assertThat(result.code()).as("%s", result).isEqualTo(code);
    assertThat(result.err()).doesNotContain("an error inside Tapline");
    assertThat(result.out()).doesNotContain("What to try next");
    assertNothingIsLeft();
  }

  @Test
  void leavesAPipelineAloneThatIsNotItsOwn() throws Exception {
    Path pipeline = Files.createDirectory(folder.resolve("shop")).resolve("pipeline.yaml");
    Files.writeString(pipeline, "name: mine\n");

    Distribution.Result result = Distribution.end(start(), folder);

    assertThat(result.code()).as("%s", result).isEqualTo(1);
    assertThat(result.err())
        .contains("'shop/pipeline.yaml' is not what the demo writes, so it is left alone")
        .contains("name another folder with --dir");
    assertThat(pipeline).hasContent("name: mine\n");
    assertThat(folder.resolve("shop/out")).doesNotExist();
  }

  private Process start(String... more) throws IOException {
    return Distribution.start(
        Distribution.HOME,
        folder,
        Map.of("TAPLINE_JAVA_OPTIONS", "-Djava.io.tmpdir=" + temporary),
        Stream.concat(Stream.of("demo", "--dir", "shop"), Stream.of(more)).toArray(String[]::new));
  }

  /// Fails if a line is no JSON.
  private Map<String, Integer> rowsWritten() throws IOException {
    Map<String, Integer> rows = new TreeMap<>();
    for (Path destination : Output.files(folder.resolve("shop/out"))) {
      String name = destination.getFileName().toString();
      if (!name.startsWith(".")) {
        rows.put(name, Output.rows(folder.resolve("shop/out"), name).size());
      }
    }
    return rows;
  }

  private Map<String, Integer> rowsReported() throws IOException {
    Map<String, Integer> rows = new TreeMap<>();
    List<Path> runs = Output.files(folder.resolve("shop/.tapline/runs/demo"));
    JsonNode report = Output.JSON.readTree(Files.readString(runs.getLast().resolve("report.json")));
    for (JsonNode stream : report.get("streams")) {
      rows.put(stream.get("destination").stringValue(), stream.get("rows").intValue());
    }
    return rows;
  }

  private void assertNothingIsLeft() throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      assertThat(files.filter(file -> file.getFileName().toString().startsWith("tapline-demo-")))
          .isEmpty();
    }
    // The server's programs lie in the folder, and only they do.
    assertThat(
            ProcessHandle.allProcesses()
                .flatMap(process -> process.info().command().stream())
                .filter(program -> program.startsWith(temporary.toString())))
        .isEmpty();
    Path out = folder.resolve("shop/out");
    assertThat(Files.exists(out) ? Output.leftovers(out) : List.of()).isEmpty();
  }

  private static void awaitText(Path file, String text) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!Files.readString(file).contains(text)) {
      assertThat(System.nanoTime())
          .as("%s in %s", text, Files.readString(file))
          .isLessThan(deadline);
      Thread.sleep(20);
    }
  }
}
