package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.tapline.files.objects.ObjectStore;
import dev.tapline.files.s3.FaultyProxy;
import dev.tapline.files.s3.S3Files;
import dev.tapline.files.s3.S3Server;
import dev.tapline.source.postgres.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// The whole product with an S3 server: from PostgreSQL to a bucket to DuckDB.
class ObjectStoreIT {
  private static final int KILLS = Integer.getInteger("tapline.s3.kills", 4);
  private static final int ROWS = 30_000;
  private static final int NEW_EVENTS = 5_000;

  @TempDir Path folder;
  @TempDir Path downloads;

  static {
    // The server of this process says more than anybody reads.
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
  }

  private final S3Server store = S3Server.shared();
  private int looks;

  @Test
  void aRunKilledAtAnyInstantLosesNothingDoublesNothingAndLeavesNoUpload() throws Exception {
    String bucket = store.bucket();
    try (TestServer server = TestServer.start();
        ParquetOutput output = new ParquetOutput()) {
      prepare(server);
      describe(server, bucket, store.endpoint());
      fill(server, 0);
      long started = System.nanoTime();
      run();
      long whole = System.nanoTime() - started;
      Random random = new Random(20261121);

      for (int version = 1; version <= KILLS; version++) {
        fill(server, version);
        Process process =
            Distribution.start(Distribution.HOME, folder, environment(), "run", "pipeline.yaml");
        process.waitFor((long) (random.nextDouble() * whole * 1.1), TimeUnit.NANOSECONDS);
        process.destroyForcibly().waitFor();
        assertThat(versionOf(output, bucket)).isBetween(version - 1L, (long) version);
        assertThat(events(output, bucket))
            .isIn((long) version * NEW_EVENTS, (version + 1L) * NEW_EVENTS);

        run();

        assertThat(versionOf(output, bucket)).isEqualTo(version);
        assertThat(events(output, bucket)).isEqualTo((version + 1L) * NEW_EVENTS);
        assertThat(leftovers(bucket)).isEmpty();
      }
    }
  }

  @Test
  void bringsEveryRowOverALineThatIsCut() throws Exception {
    String bucket = store.bucket();
    try (TestServer server = TestServer.start();
        ParquetOutput output = new ParquetOutput();
        FaultyProxy line = new FaultyProxy(store.port(), 20_000, 2_000_000)) {
      prepare(server);
      describe(server, bucket, line.endpoint());
      fill(server, 0);

      run();

      assertThat(versionOf(output, bucket)).isZero();
      assertThat(events(output, bucket)).isEqualTo(NEW_EVENTS);
      assertThat(leftovers(bucket)).isEmpty();
      assertThat(line.cut()).isPositive();
      assertThat(line.refused()).isPositive();
    }
  }

  @Test
  void checkSaysThatTheBucketCanBeWrittenAndThatAnotherOneIsMissing() throws Exception {
    String bucket = store.bucket();
    try (TestServer server = TestServer.start()) {
      prepare(server);
      describe(server, bucket, store.endpoint());
      Distribution.Result result =
          Distribution.run(folder, environment(), "check", "pipeline.yaml");
      assertThat(result.code()).as("%s", result).isZero();
      assertThat(result.out()).contains("s3://" + bucket + "/shop/ can be written");
      assertThat(leftovers(bucket)).isEmpty();

      describe(server, "no-such-bucket", store.endpoint());
      result = Distribution.run(folder, environment(), "check", "pipeline.yaml");

      assertThat(result.code()).isEqualTo(1);
      assertThat(result.out()).contains("there is no bucket 'no-such-bucket'");
      assertThat(result.toString()).doesNotContain(S3Server.SECRET_KEY);
    }
  }

  private static Map<String, String> environment() {
    return Map.of(
        "AWS_ACCESS_KEY_ID", S3Server.ACCESS_KEY, "AWS_SECRET_ACCESS_KEY", S3Server.SECRET_KEY);
  }

  private void run() throws Exception {
    Distribution.Result result = Distribution.run(folder, environment(), "run", "pipeline.yaml");
    assertThat(result.code()).as("%s", result).isZero();
  }

  private static void prepare(TestServer server) {
    server.execute(
        "CREATE TABLE big (id int PRIMARY KEY, version int NOT NULL, filler text)",
        "CREATE TABLE events (id serial PRIMARY KEY, filler text)");
  }

  private void describe(TestServer server, String bucket, String endpoint) throws IOException {
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        """
        source: {type: postgres, url: "%s", split-size: 1MB}
        streams:
          - {table: public.big, method: FULL_TABLE}
          - {table: public.events, method: INCREMENTAL, replication-key: id}
        sink:
          type: parquet
          path: s3://%s/shop
          s3: {endpoint: "%s", path-style: true}
          file-size: 64KB
          row-group-size: 64KB
        engine: {parallelism: 3}
        """
            .formatted(server.url(), bucket, endpoint));
  }

  private static void fill(TestServer server, int version) {
    server.execute(
        "TRUNCATE big",
        "INSERT INTO big SELECT i, %d, md5(i::text) FROM generate_series(0, %d) i"
            .formatted(version, ROWS - 1),
        "INSERT INTO events (filler) SELECT md5(i::text) FROM generate_series(1, %d) i"
            .formatted(NEW_EVENTS),
        "ANALYZE");
  }

  /// The one version that all rows have, each id being there once.
  private long versionOf(ParquetOutput output, String bucket) throws Exception {
    String query =
        "SELECT count(*), count(DISTINCT id), count(DISTINCT version), min(version) FROM "
            + table(bucket, "public__big");
    try (Statement statement = output.statement();
        ResultSet result = statement.executeQuery(query)) {
      result.next();
      assertThat(result.getLong(1)).isEqualTo(ROWS);
      assertThat(result.getLong(2)).isEqualTo(ROWS);
      assertThat(result.getLong(3)).isEqualTo(1);
      return result.getLong(4);
    }
  }

  /// How many events there are, each being there once.
  private long events(ParquetOutput output, String bucket) throws Exception {
    String table = table(bucket, "public__events");
    long count = output.number("SELECT count(*) FROM " + table);
    assertThat(output.number("SELECT count(DISTINCT id) FROM " + table)).isEqualTo(count);
    return count;
  }

  private String table(String bucket, String destination) throws IOException {
    Path copies = downloads.resolve(Integer.toString(looks++));
    List<Path> files = S3Files.current(store, bucket, "shop/" + destination + "/", copies);
    return files.stream()
        .map(file -> "'" + file + "'")
        .collect(Collectors.joining(", ", "read_parquet([", "])"));
  }

  private List<String> leftovers(String bucket) throws IOException {
    try (ObjectStore objects = store.store(bucket)) {
      assertThat(objects.uploads("")).isEmpty();
      List<String> pointed = S3Files.pointedTo(objects, objects.list(""));
      return objects.list("").stream()
          .filter(key ->
              pointed.stream().noneMatch(key::startsWith)
                  && !key.endsWith("/_current")
                  && !key.equals("shop/.tapline/pipeline.json"))
          .toList();
    }
  }
}
