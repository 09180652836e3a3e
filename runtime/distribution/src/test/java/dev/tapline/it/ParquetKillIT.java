package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.testing.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// As [KillIT], with Parquet files and an image of each table.
class ParquetKillIT {
  private static final int KILLS = Integer.getInteger("tapline.kills", 4);
  private static final int ROWS = 30_000;

  @TempDir Path folder;

  @Test
  void aRunKilledAtAnyInstantLeavesNoUnreadableFileAndDoublesNothing() throws Exception {
    try (TestServer server = TestServer.start();
        ParquetOutput output = new ParquetOutput()) {
      server.execute("CREATE TABLE big (id int PRIMARY KEY, version int NOT NULL, filler text)");
      Files.writeString(
          folder.resolve("pipeline.yaml"),
          """
          source: {type: postgres, url: "%s", split-size: 1MB}
          method: FULL_TABLE
          streams: [{table: public.big}]
          sink: {type: parquet, path: out, file-size: 64KB, row-group-size: 64KB, compact: true}
          engine: {parallelism: 3}
          """
              .formatted(server.url()));
      fill(server, 0);
      long started = System.nanoTime();
      assertThat(Distribution.run(folder, "run", "pipeline.yaml").code()).isZero();
      long whole = System.nanoTime() - started;
      Random random = new Random(20261121);

      for (int version = 1; version <= KILLS; version++) {
        fill(server, version);
        Process process = Distribution.start(folder, "run", "pipeline.yaml");
        process.waitFor((long) (random.nextDouble() * whole * 1.1), TimeUnit.NANOSECONDS);
        process.destroyForcibly().waitFor();
        assertThat(versionOf(output, "public__big")).isBetween(version - 1L, (long) version);
        assertThat(versionOf(output, "public__big__current"))
            .isBetween(version - 1L, (long) version);

        Distribution.Result result = Distribution.run(folder, "run", "pipeline.yaml");

        assertThat(result.code()).as("%s", result).isZero();
        assertThat(versionOf(output, "public__big")).isEqualTo(version);
        assertThat(versionOf(output, "public__big__current")).isEqualTo(version);
        assertThat(Output.leftovers(folder.resolve("out"))).isEmpty();
      }
    }
  }

  private static void fill(TestServer server, int version) {
    server.execute(
        "TRUNCATE big",
        "INSERT INTO big SELECT i, %d, md5(i::text) FROM generate_series(0, %d) i"
            .formatted(version, ROWS - 1),
        "ANALYZE big");
  }

  /// The one version that all rows have, each id being there once.
  private long versionOf(ParquetOutput output, String destination) throws Exception {
    String query =
        "SELECT count(*), count(DISTINCT id), count(DISTINCT version), min(version) FROM "
            + ParquetOutput.table(folder.resolve("out"), destination);
    try (Statement statement = output.statement();
        ResultSet result = statement.executeQuery(query)) {
      result.next();
      assertThat(result.getLong(1)).isEqualTo(ROWS);
      assertThat(result.getLong(2)).isEqualTo(ROWS);
      assertThat(result.getLong(3)).isEqualTo(1);
      return result.getLong(4);
    }
  }
}
