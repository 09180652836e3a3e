package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.testing.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A run on a standby that gives up its queries, and the snapshot, for what its primary does.
class StandbyRunIT {
  @TempDir Path folder;

  @Test
  void aRunGoesOnAfterAConflictWithRecovery() throws Exception {
    try (TestServer primary = TestServer.start("wal_level = replica", "autovacuum = off")) {
      primary.execute(
          "CREATE TABLE orders AS SELECT i AS id FROM generate_series(1, 1000) i",
          // Slow enough to be hit.
          "CREATE VIEW slow AS SELECT id, pg_sleep(0.005)::text AS nap FROM orders");
      try (TestServer standby = TestServer.standbyOf(primary, "max_standby_streaming_delay = 0")) {
        primary.awaitReplayOn(standby);
        Files.writeString(
            folder.resolve("pipeline.yaml"),
            """
            source: {type: postgres, url: "%s"}
            streams: [{table: public.*}, {view: public.slow}]
            sink: {type: jsonl, path: out}
            """
                .formatted(standby.url()));
        Process process = Distribution.start(folder, "run", "pipeline.yaml");
        await("public.orders: done");

        primary.execute("DELETE FROM orders WHERE id % 2 = 0", "VACUUM orders");
        Distribution.Result result = Distribution.end(process, folder);

        assertThat(result.code()).as("%s", result).isZero();
        assertThat(result.err()).contains("planned anew");
        assertThat(Output.rows(folder.resolve("out"), "public__slow"))
            .extracting((JsonNode row) -> row.get("id").asInt())
            .doesNotHaveDuplicates()
            .hasSize(500);
      }
    }
  }

  private void await(String text) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!Files.readString(folder.resolve("stderr.txt")).contains(text)) {
      assertThat(System.nanoTime())
          .as("%s", Files.readString(folder.resolve("stderr.txt")))
          .isLessThan(deadline);
      Thread.sleep(20);
    }
  }
}
