package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.cli.TestDistribution;
import dev.tapline.fault.Agent;
import dev.tapline.fault.Injector;
import dev.tapline.source.postgres.testing.TestServer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each thread of a run that follows a log is hit by an Error at its middle step, and with
/// `-Dtapline.faults.all=true` at its first and last ones too: the run ends soon, with exit code 1
/// and a sentence.
class ThreadFaultsIT {
  private static final int SECONDS_TO_FOLLOW = 60;
  private static final int SECONDS_TO_COUNT = 5;
  private static final int SECONDS_TO_END = 10;

  @TempDir private static Path folder;
  private static TestServer server;
  private static Path agent;
  private static Path injector;
  private int runs;

  /// What a run was hit by.
  private record Hit(String thread, long step) {}

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start("wal_level = logical");
    server.execute(
        "CREATE TABLE orders (id int PRIMARY KEY, note text)",
        "INSERT INTO orders SELECT i, 'first' FROM generate_series(1, 1000) i",
        "CREATE TABLE beats (id int PRIMARY KEY)");
    injector = jar("injector.jar", "", Injector.class);
    agent = jar("agent.jar", Agent.class.getName(), Agent.class);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void anErrorInAnyThreadEndsTheRun() throws Exception {
    Map<String, Long> counts = count("{type: jsonl, path: out}");
    assertThat(counts).containsKeys("main", "checkpoint", "read", "log-read-ahead", "log-watch");
    List<String> wrong = new ArrayList<>();
    int hits = 0;
    for (Map.Entry<String, Long> thread : counts.entrySet()) {
      for (long step : steps(thread.getValue())) {
        hits += hit(new Hit(thread.getKey(), step), "{type: jsonl, path: out}", wrong) ? 1 : 0;
      }
    }
    assertThat(wrong).isEmpty();
    // The last step of one run may lie beyond the end of another.
    assertThat(hits).isGreaterThan(counts.size() / 2);
  }

  @Test
  void soItIsWithTheThreadsOfTheSinkOfTables() throws Exception {
    String sink = "{type: jdbc, url: 'jdbc:sqlite:copy.db'}";
    Map<String, Long> counts = count(sink);
    List<String> wrong = new ArrayList<>();
    for (String thread : List.of("stage", "checkpoint")) {
      assertThat(counts).containsKey(thread);
      for (long step : steps(counts.get(thread))) {
        hit(new Hit(thread, step), sink, wrong);
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static Iterable<Long> steps(long count) {
    long middle = Math.max(1, count / 2);
    return Boolean.getBoolean("tapline.faults.all")
        ? new TreeSet<>(List.of(1L, middle, Math.max(1, count * 9 / 10)))
        : List.of(middle);
  }

  private Map<String, Long> count(String sink) throws Exception {
    Path home = home(sink);
    Process process = start(home, "");
    Path told = home.resolve("stderr.txt");
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_FOLLOW);
    while (Files.readString(told).split("its changes follow", -1).length < 3
        && System.nanoTime() < deadline) {
      change(process, 0);
    }
    change(process, SECONDS_TO_COUNT);
    process.destroy();
    Distribution.Result result = Distribution.end(process, home);
    assertThat(result.err()).doesNotContain("AGENT ").doesNotContain("ERROR");
    release();
    Map<String, Long> counts = new TreeMap<>();
    for (String line : Files.readAllLines(home.resolve("injected"))) {
      int equals = line.lastIndexOf('=');
      counts.put(line.substring(0, equals), Long.valueOf(line.substring(equals + 1)));
    }
    // What ends a run that is asked to is not part of it.
    counts.remove("stop");
    // A plug-in that cannot be loaded is told of, and ends no run that does not want it.
    counts.remove("plug-ins");
    return counts;
  }

  private boolean hit(Hit hit, String sink, List<String> wrong) throws Exception {
    Path home = home(sink);
    Process process =
        start(home, "-Dinject.thread=%s -Dinject.step=%d".formatted(hit.thread(), hit.step()));
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_FOLLOW);
    while (!Files.exists(home.resolve("injected"))
        && process.isAlive()
        && System.nanoTime() < deadline) {
      change(process, 0);
    }
    boolean happened = Files.exists(home.resolve("injected"));
    if (happened && !process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
      wrong.add(hit + ": the run goes on");
    }
    process.destroy();
    Distribution.Result result = Distribution.end(process, home);
    release();
    if (happened) {
      judge(hit, result, wrong);
    }
    return happened;
  }

  private static void judge(Hit hit, Distribution.Result result, List<String> wrong) {
    String said = result.out() + result.err();
    if (result.code() != 1) {
      wrong.add(hit + ": exit code " + result.code() + "\n" + said);
    } else if (!said.contains("injected")) {
      wrong.add(hit + ": nothing is said of it\n" + said);
    } else if (said.contains("\tat ")) {
      wrong.add(hit + ": a stack trace\n" + said);
    }
  }

  private Path home(String sink) throws IOException {
    Path home = Files.createDirectory(folder.resolve("run" + ++runs + sink.substring(7, 10)));
    Files.writeString(
        home.resolve("pipeline.yaml"),
        """
        name: %s
        source: {type: postgres, url: "%s", heartbeat: 500ms}
        method: LOG_BASED
        streams: [{table: public.orders}, {table: public.beats}]
        sink: %s
        engine: {checkpoint: {interval: 100ms}, retry-for: 3s}
        """
            .formatted(home.getFileName(), server.url(), sink));
    return home;
  }

  private static Process start(Path home, String properties) throws IOException {
    String options =
        "-javaagent:%s=%s -Dinject.file=%s %s"
            .formatted(agent, injector, home.resolve("injected"), properties);
    return Distribution.start(
        Distribution.HOME,
        home,
        Map.of("TAPLINE_JAVA_OPTIONS", options),
        "run",
        "--continuous",
        "pipeline.yaml");
  }

  private void change(Process process, int seconds) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    do {
      server.execute(
          "INSERT INTO beats SELECT coalesce(max(id), 0) + 1 FROM beats",
          "UPDATE orders SET note = note || '.' WHERE id % 100 = 0");
      process.waitFor(100, TimeUnit.MILLISECONDS);
    } while (System.nanoTime() < end && process.isAlive());
  }

  /// Gives the slots of runs that have ended back.
  private static void release() {
    server.execute(
        "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active",
        "UPDATE orders SET note = 'first'");
    server.execute(
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active");
  }

  private static Path jar(String name, String premain, Class<?> type) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    if (!premain.isEmpty()) {
      manifest.getMainAttributes().putValue("Premain-Class", premain);
    }
    Path jar = folder.resolve(name);
    Path classes = TestDistribution.origin(type);
    Path of = classes.resolve(type.getPackageName().replace('.', '/'));
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest);
        var files = Files.list(of)) {
      for (Path each : files.sorted().toList()) {
        if (each.getFileName().toString().matches(type.getSimpleName() + "(\\$.*)?\\.class")) {
          out.putNextEntry(new JarEntry(classes.relativize(each).toString()));
          Files.copy(each, out);
        }
      }
    }
    return jar;
  }
}
