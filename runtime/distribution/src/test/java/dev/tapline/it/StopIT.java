package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.testing.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StopIT {
  private static TestServer server;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    server = TestServer.start();
    server.execute("CREATE DATABASE stops");
    server.executeIn(
        "stops",
        "CREATE TABLE quick AS SELECT i AS id FROM generate_series(1, 100) i",
        // A view that takes 100 seconds: there is time to stop.
        "CREATE VIEW slow AS SELECT i AS id, pg_sleep(0.02)::text AS nap FROM generate_series(1, 5000) i");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private void descriptor(String streams) throws Exception {
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        """
        source: {type: postgres, url: "%s"}
        method: FULL_TABLE
        streams: [%s]
        sink: {type: jsonl, path: out}
        """
            .formatted(server.url("stops"), streams));
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  void aSignalEndsTheRunInOrder(String signal, int code) throws Exception {
    descriptor("{table: public.quick}, {view: public.slow}");
    Process process = Distribution.start(folder, "run", "pipeline.yaml");
    awaitText(folder.resolve("stderr.txt"), "public.quick: done, 100 rows");
    long before = System.nanoTime();

    new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
    Distribution.Result result = Distribution.end(process, folder);

    assertThat(result.code()).as("%s", result).isEqualTo(code);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(15));
    assertThat(result.out()).contains("stopped before the end").contains("public.slow");
    assertThat(Output.rows(folder.resolve("out"), "public__quick")).hasSize(100);
    assertThat(folder.resolve("out/public__slow")).doesNotExist();
    assertThat(Output.leftovers(folder.resolve("out"))).isEmpty();
  }

  @Test
  void aSecondRunIsRefusedWhileTheFirstGoesOn() throws Exception {
    descriptor("{view: public.slow}");
    Process first = Distribution.start(folder, "run", "pipeline.yaml");
    try {
      awaitText(folder.resolve("stderr.txt"), "1 stream to replicate");
      Path other = Files.createDirectory(folder.resolve("other"));

      Distribution.Result second = Distribution.run(other, "run", "../pipeline.yaml");

      assertThat(second.code()).as("%s", second).isEqualTo(1);
      assertThat(second.err())
          .contains("pipeline 'pipeline' is being run by process " + first.pid())
          .doesNotContain("run begins");
    } finally {
      first.destroyForcibly().waitFor();
    }
    Path looking = Files.createDirectory(folder.resolve("looking"));
    assertThat(Distribution.run(looking, "runs", "../pipeline.yaml").out())
        .contains(" ended without a report (killed?) ")
        .doesNotContain("succeeded");
    Distribution.Result report = Distribution.run(looking, "report", "../pipeline.yaml");
    assertThat(report.code()).isEqualTo(1);
    assertThat(report.err()).contains("has ended without a report", "runtime logs");
  }

  private static void awaitText(Path file, String text) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!Files.readString(file).contains(text)) {
      assertThat(System.nanoTime())
          .as("%s in %s", text, Files.readString(file))
          .isLessThan(deadline);
      Thread.onSpinWait();
    }
  }
}
