package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Kills runs at random instants. Whatever the instant, a reader of the destination sees one whole
/// version of each table, and the next run brings the next one, each row once, and clears up.
class KillIT {
  private static final int KILLS = Integer.getInteger("tapline.kills", 20);
  private static final int ROWS = 30_000;
  private static TestServer server;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    server = TestServer.start();
    server.execute("CREATE DATABASE kills", "SELECT pg_sleep(0)");
    server.executeIn(
        "kills",
        "CREATE TABLE big (id int PRIMARY KEY, version int NOT NULL, filler text)",
        "CREATE TABLE small (id int PRIMARY KEY, version int NOT NULL)");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private void fill(int version) {
    server.executeIn(
        "kills",
        "TRUNCATE big, small",
        "INSERT INTO big SELECT i, "
            + version
            + ", repeat('x', 200) FROM generate_series(0, "
            + (ROWS - 1)
            + ") i",
        "INSERT INTO small SELECT i, " + version + " FROM generate_series(0, 9) i",
        "ANALYZE");
  }

  @Test
  void aRunKilledAtAnyInstantLosesNothingAndDoublesNothing() throws Exception {
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        """
        source: {type: postgres, url: "%s", split-size: 1MB}
        method: FULL_TABLE
        streams:
          - table: public.*
        sink: {type: jsonl, path: out, file-size: 1MB}
        engine: {parallelism: 3}
        """
            .formatted(server.url("kills")));
    fill(0);
    long started = System.nanoTime();
    assertThat(Distribution.run(folder, "run", "pipeline.yaml").code()).isZero();
    long whole = System.nanoTime() - started;
    Random random = new Random(20261120);

    for (int version = 1; version <= KILLS; version++) {
      fill(version);
      Process process = Distribution.start(folder, "run", "pipeline.yaml");
      process.waitFor((long) (random.nextDouble() * whole * 1.1), TimeUnit.NANOSECONDS);
      process.destroyForcibly().waitFor();
      assertThat(versionOf("public__big", ROWS)).isBetween(version - 1, version);
      assertThat(versionOf("public__small", 10)).isBetween(version - 1, version);

      Distribution.Result result = Distribution.run(folder, "run", "pipeline.yaml");

      assertThat(result.code()).as("%s", result).isZero();
      assertThat(versionOf("public__big", ROWS)).isEqualTo(version);
      assertThat(versionOf("public__small", 10)).isEqualTo(version);
      assertThat(Output.leftovers(folder.resolve("out"))).isEmpty();
    }
  }

  /// The one version that all rows have, each id being there once.
  private int versionOf(String destination, int count) throws IOException {
    List<JsonNode> rows = Output.rows(folder.resolve("out"), destination);
    BitSet ids = new BitSet(count);
    int version = rows.getFirst().get("version").asInt();
    for (JsonNode row : rows) {
      int id = row.get("id").asInt();
      assertThat(ids.get(id)).as("id %d comes twice", id).isFalse();
      ids.set(id);
      assertThat(row.get("version").asInt()).isEqualTo(version);
    }
    assertThat(ids.cardinality()).isEqualTo(count);
    return version;
  }
}
