package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.testing.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A run that follows its log, as a process: how soon a change is there, what the run says of
/// itself, and how it ends.
class ContinuousIT {
  private static TestServer server;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    server = TestServer.start("wal_level = logical");
    server.execute("CREATE DATABASE following");
    server.executeIn(
        "following",
        "CREATE TABLE orders (id int PRIMARY KEY, note text)",
        "CREATE TABLE whole (id int PRIMARY KEY)",
        "CREATE TABLE broken (id int PRIMARY KEY)",
        "CREATE VIEW seen AS SELECT * FROM orders",
        "INSERT INTO orders SELECT i, 'first' FROM generate_series(1, 100) i",
        "INSERT INTO whole SELECT i FROM generate_series(1, 10) i");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aChangeIsThereSoonAndTheRunEndsInOrder() throws Exception {
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        """
        source: {type: postgres, url: "%s"}
        method: LOG_BASED
        streams:
          - table: public.orders
          - table: public.broken
          - table: public.whole
            method: FULL_TABLE
        sink: {type: jsonl, path: out}
        engine: {checkpoint: {interval: 100ms}}
        """
            .formatted(server.url("following")));
    Process process = Distribution.start(folder, "run", "--continuous", "pipeline.yaml");
    Path looking = Files.createDirectory(folder.resolve("looking"));
    List<Long> millis = new ArrayList<>();
    try (Connection connection = server.connect("following");
        Statement statement = connection.createStatement()) {
      awaitFiles("public__orders", 1);
      awaitFiles("public__whole", 1);
      for (int i = 0; i < 20; i++) {
        Thread.sleep(150);
        int files = Output.files(folder.resolve("out/public__orders")).size();
        long before = System.nanoTime();
        statement.execute("INSERT INTO orders VALUES (" + (1_000 + i) + ", 'one')");
        awaitFiles("public__orders", files + 1);
        millis.add(Duration.ofNanos(System.nanoTime() - before).toMillis());
      }
      statement.execute("ALTER TABLE orders ADD more int");
      statement.execute("INSERT INTO orders VALUES (2000, 'wider', 7)");
      statement.execute("UPDATE orders SET note = 'changed' WHERE id = 1");
      statement.execute("DELETE FROM orders WHERE id = 2");
      awaitText(folder.resolve("stderr.txt"), "2 of 3 streams following, 1 done");
    }
    Distribution.Result running = Distribution.run(looking, "runs", "../pipeline.yaml");
    assertThat(running.out()).contains(" running ");
    Process follower = Distribution.start(looking, "logs", "--follow", "../pipeline.yaml");
    awaitText(looking.resolve("stdout.txt"), "public.orders: copied, 100 rows");
    assertThat(follower.isAlive()).isTrue();
    System.out.println("visible after (ms): " + millis);
    assertThat(millis.stream().sorted().skip(10).findFirst().orElseThrow())
        .as("the median of %s", millis)
        .isLessThan(250);

    new ProcessBuilder("kill", "-TERM", Long.toString(process.pid())).start().waitFor();
    Distribution.Result result = Distribution.end(process, folder);

    assertThat(result.code()).as("%s", result).isEqualTo(143);
    assertThat(result.out())
        .containsPattern("public\\.orders +LOG_BASED +stopped +12\\d .*lsn=")
        .containsPattern("public\\.whole +FULL_TABLE +done +10 .* complete ")
        .contains("pipeline: 2 of 3 streams followed, 1 done, ", "; stopped\n")
        .doesNotContain("oid=");
    assertThat(result.err()).contains("lag ");
    Distribution.Result followed = Distribution.end(follower, looking);
    assertThat(followed.code()).as("%s", followed).isZero();
    assertThat(followed.out()).contains("asked to stop: finishing what is at hand");
    assertThat(Distribution.run(looking, "runs", "../pipeline.yaml").out())
        .containsPattern(" stopped +3 of 3 +0 +13\\d ");
    assertThat(Distribution.run(looking, "report", "../pipeline.yaml").out())
        .endsWith(result.out());
    List<JsonNode> rows = Output.rows(folder.resolve("out"), "public__orders");
    assertThat(rows).hasSize(123);
    assertThat(rows.get(120).get("more").asInt()).isEqualTo(7);
    assertThat(rows.getLast().get("_op").asString()).isEqualTo("d");
    assertThat(Output.leftovers(folder.resolve("out"))).isEmpty();
    assertThat(report().at("/streams/0/lag_bytes").isNumber()).isTrue();
  }

  @Test
  void viewsAreRefusedByCheckAndByRun() throws Exception {
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        """
        source: {type: postgres, url: "%s"}
        method: LOG_BASED
        streams: [{table: public.whole}, {view: public.seen}]
        sink: {type: jsonl, path: out}
        """
            .formatted(server.url("following")));

    Distribution.Result check = Distribution.run(folder, "check", "pipeline.yaml");
    assertThat(check.code()).isEqualTo(1);
    assertThat(check.out())
        .contains("error   public.seen: the log has no changes of a view", "method: FULL_TABLE");

    Distribution.Result run = Distribution.run(folder, "run", "pipeline.yaml");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out())
        .containsPattern("public\\.seen +LOG_BASED +failed")
        .containsPattern("public\\.whole +LOG_BASED +done +10 ");
  }

  @Test
  void aKeyThatIsStoredOutOfLineIsInEachRow() throws Exception {
    server.execute("CREATE DATABASE large_keys");
    server.executeIn(
        "large_keys",
        "CREATE TABLE doc (id text PRIMARY KEY, n int)",
        "ALTER TABLE doc ALTER id SET STORAGE EXTERNAL",
        "INSERT INTO doc SELECT string_agg(md5(g || '-' || i), ''), 0"
            + " FROM generate_series(1, 3) i, generate_series(1, 78) g GROUP BY i");
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        """
        source: {type: postgres, url: "%s"}
        method: LOG_BASED
        streams: [{table: public.doc}]
        sink: {type: jsonl, path: out}
        """
            .formatted(server.url("large_keys")));
    assertThat(Distribution.run(folder, "run", "pipeline.yaml").code()).isZero();
    server.executeIn("large_keys", "UPDATE doc SET n = n + 1");
    assertThat(Distribution.run(folder, "run", "pipeline.yaml").code()).isZero();

    List<JsonNode> rows = Output.rows(folder.resolve("out"), "public__doc");
    assertThat(rows).hasSize(6);
    assertThat(rows.subList(3, 6))
        .allMatch(row -> row.get("_op").asString().equals("u") && row.get("n").asInt() == 1)
        .extracting(row -> row.get("id").asString())
        .containsExactlyInAnyOrderElementsOf(
            rows.subList(0, 3).stream().map(row -> row.get("id").asString()).toList());
  }

  private JsonNode report() throws Exception {
    Path runs = folder.resolve(".tapline/runs/pipeline");
    return Output.JSON.readTree(
        Files.readString(Output.files(runs).getLast().resolve("report.json")));
  }

  private void awaitFiles(String destination, int count) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (Output.files(folder.resolve("out").resolve(destination)).size() < count) {
      assertThat(System.nanoTime())
          .as("%s", Files.readString(folder.resolve("stderr.txt")))
          .isLessThan(deadline);
      Thread.sleep(1);
    }
  }

  private static void awaitText(Path file, String text) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!Files.readString(file).contains(text)) {
      assertThat(System.nanoTime())
          .as("%s in %s", text, Files.readString(file))
          .isLessThan(deadline);
      Thread.sleep(10);
    }
  }
}
