package dev.tapline.soak;

import dev.tapline.source.postgres.testing.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Does things to a database at random, and to those who copy it; at each stop the copies are the
/// source, or runs have said why not and what to do, which is then done.
final class Soak {
  private static final int MOST_STEPS = 7;
  private static final List<Long> CLOCKS =
      List.of(-7_200L, -3_600L, -61L, -1L, 0L, 1L, 3_600L, -86_400L);

  private final SoakSettings settings;
  private final Random random;
  private final Path folder;
  private final SoakServer server;
  private final TestServer destination;
  private final Source source;
  private final Tables tables;
  private final Definitions definitions;
  private final Publication publication;
  private final boolean theirs;
  private final MachineClock clock;
  private final Stops stops;
  private final List<Pipeline> pipelines = new ArrayList<>();
  private final Figures figures = new Figures();
  private final List<String> done = new ArrayList<>();
  private final List<Kind> kinds;
  private String password = "first";
  private boolean saved;
  private boolean putBack;
  private int number;

  Soak(SoakSettings settings, Path folder) throws Exception {
    this.settings = settings;
    this.folder = folder;
    this.random = new Random(settings.seed());
    this.server = SoakServer.start(settings);
    this.destination = TestServer.start();
    this.source = new Source(server);
    this.tables = new Tables(source, random);
    this.definitions = new Definitions(source, tables, random);
    this.publication = new Publication(source);
    this.clock = new MachineClock(folder);
    this.kinds = settings.kinds().stream().filter(this::isPossible).toList();
    this.theirs =
        !settings.wal2json()
            && (kinds.stream().allMatch(kind -> kind.ofPublication() || kind == Kind.CHANGES)
                || (kinds.stream().anyMatch(Kind::ofPublication) && random.nextBoolean()));
    this.stops = new Stops(source, publication, theirs, pipelines, figures);
    begin();
  }

  private boolean isPossible(Kind kind) {
    return switch (kind) {
      case CLOCK -> clock.canBeSet();
      case RESTORE -> server.hasFolder();
      case POOLER -> Pooler.isInstalled() && server.hasFolder();
      default -> !kind.ofPublication() || !settings.wal2json();
    };
  }

  private void begin() throws Exception {
    say(
        "seed %d, server %s, publication %s, kinds %s",
        settings.seed(), settings.server(), theirs ? "theirs" : "of Tapline", kinds);
    source.execute(
        "CREATE ROLE soak LOGIN SUPERUSER REPLICATION PASSWORD 'first'", "CREATE SCHEMA elsewhere");
    tables.create();
    if (theirs) {
      publication.create();
    }
    if (kinds.contains(Kind.CLOCK)) {
      clock.use();
    }
    destination.execute("CREATE DATABASE copy");
    add("files", "{type: jsonl, path: out}");
    add(
        "tables",
        "{type: jdbc, url: \"jdbc:postgresql://127.0.0.1:%d/copy\", user: postgres}"
            .formatted(destination.port()));
  }

  private void add(String name, String sink) throws Exception {
    Pipeline pipeline = new Pipeline(name, folder, clock);
    pipeline.describe(
        server.address(),
        "LOG_BASED",
        ", slot: soak_%s%s%s"
            .formatted(
                name,
                settings.wal2json() ? ", plugin: wal2json" : "",
                theirs ? ", publication: " + Publication.NAME : ""),
        sink);
    pipeline.password(password);
    pipelines.add(pipeline);
  }

  private Copy copy(Pipeline pipeline) {
    return pipeline.name().equals("files")
        ? new Copy.Lines(pipeline.folder().resolve("out"))
        : new Copy.Database(() -> destination.connect("copy"));
  }

  /// Goes on until the time is over.
  ///
  /// @return the figures
  Figures run() throws Exception {
    long end = System.nanoTime() + (long) (settings.minutes() * Duration.ofMinutes(1).toNanos());
    stop();
    while (System.nanoTime() < end && (settings.steps() == 0 || number < settings.steps())) {
      int which = random.nextInt(pipelines.size() + 1);
      Pipeline following = which < pipelines.size() ? pipelines.get(which) : null;
      if (following != null) {
        follow(following);
      }
      for (int i = random.nextInt(MOST_STEPS); i >= 0; i--) {
        step(kinds.get(random.nextInt(kinds.size())), following);
        if (putBack) {
          // What is written on until the log is beyond a place cannot be noticed
          // (docs/log-based.md).
          putBack = false;
          break;
        }
        if (following != null) {
          Thread.sleep(random.nextInt(1_500));
        }
      }
      if (following != null) {
        following.stop();
      }
      stop();
    }
    return figures;
  }

  // Most steps come while it reads the log, and some while it comes up.
  private void follow(Pipeline pipeline) throws Exception {
    pipeline.follow();
    boolean awaited = random.nextInt(4) > 0;
    long patience = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (awaited
        && pipeline.isAlive()
        && System.nanoTime() < patience
        && source
            .list(
                "SELECT 1 FROM pg_replication_slots WHERE active AND slot_name = 'soak_"
                    + pipeline.name()
                    + "'")
            .isEmpty()) {
      Thread.sleep(100);
    }
  }

  private void stop() throws Exception {
    figures.stops++;
    for (Pipeline pipeline : pipelines) {
      stops.settle(pipeline, copy(pipeline), done);
    }
    done.clear();
  }

  private void step(Kind kind, @Nullable Pipeline following) throws Exception {
    number++;
    figures.step(kind);
    String what;
    try {
      what = act(kind, following);
      // Changes follow each definition.
      if (!putBack) {
        tables.change(random.nextInt(3));
      }
    } catch (SQLException e) {
      String message = String.valueOf(e.getMessage());
      what = "refused: " + message;
      figures.refused(message.lines().findFirst().orElse("").replaceAll("\\d+", "n"));
    }
    if (!what.isEmpty()) {
      String line =
          number
              + " "
              + kind.label()
              + (following == null ? "" : " (while " + following.name() + " follows)")
              + ": "
              + what;
      done.add(line);
      say("%s", line);
    }
  }

  private String act(Kind kind, @Nullable Pipeline following) throws Exception {
    Pipeline some = following == null ? pipelines.get(random.nextInt(pipelines.size())) : following;
    switch (kind) {
      case CHANGES -> tables.change(1 + random.nextInt(10));
      case CLOCK -> {
        long seconds = CLOCKS.get(random.nextInt(CLOCKS.size()));
        clock.set(seconds);
        return "the clock is off by " + seconds + " s";
      }
      case PASSWORD -> {
        password = "password " + number;
        source.execute("ALTER ROLE soak PASSWORD '" + password + "'");
        for (Pipeline pipeline : pipelines) {
          pipeline.password(password);
        }
        return "the password is another";
      }
      case KILL -> {
        some.kill(random.nextInt(3_000));
        if (following != null) {
          follow(following);
        }
        return "a run of " + some.name() + " was killed";
      }
      case CUT -> {
        int count =
            source
                .list(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'soak'")
                .size();
        return count + " connections were cut";
      }
      case CRASH -> {
        crash();
        return "the server has crashed";
      }
      case ASYNC_CRASH -> {
        return asyncCrash(following == null ? some : null);
      }
      case RESTORE -> {
        return saveOrRestore();
      }
      case POOLER -> {
        return throughAPooler();
      }
      default -> {
        if (!kind.ofPublication()) {
          return definitions.step(kind);
        }
        return theirs ? publication.step(kind) : "";
      }
    }
    return "";
  }

  private String throughAPooler() throws Exception {
    Pipeline pooled = new Pipeline("pooled", folder, clock);
    Pooler pooler = Pooler.start(server.address(), password);
    try {
      pooled.describe(pooler.address(), "FULL_TABLE", "", "{type: jsonl, path: out}");
      pooled.password(password);
      Set<String> before = pooler.settings();
      Pipeline.Outcome outcome = pooled.run("run", "pipeline.yaml");
      Copy copy = new Copy.Lines(pooled.folder().resolve("out"));
      stops.look(pooled, outcome, copy, before, pooler.settings());
      return "FULL_TABLE through a pooler: exit code " + outcome.code();
    } finally {
      pooler.end();
    }
  }

  private void crash() throws Exception {
    source.disconnect();
    server.crash();
  }

  // Some of the commits are undone, which a copy may have seen.
  private String asyncCrash(@Nullable Pipeline copying) throws Exception {
    String table = Tables.KEYED.get(random.nextInt(Tables.KEYED.size()));
    if (copying != null) {
      copying.run("reset", "--stream", "public." + table, "pipeline.yaml");
    }
    for (int i = random.nextInt(30); i >= 0; i--) {
      source.execute(
          "SET LOCAL synchronous_commit = off",
          "INSERT INTO %s (id, version) VALUES (%s, 2)".formatted(table, tables.freshId(table)));
    }
    if (copying != null) {
      copying.run("run", "pipeline.yaml");
    } else {
      Thread.sleep(random.nextInt(1_000));
    }
    crash();
    return "commits into "
        + table
        + " without a flush"
        + (copying == null ? "" : ", it is copied by " + copying.name())
        + ", the server has crashed";
  }

  private String saveOrRestore() throws Exception {
    Path copy = folder.resolve("saved");
    source.disconnect();
    if (!saved) {
      server.save(copy);
      saved = true;
      return "the server's folder was copied";
    }
    server.restore(copy);
    saved = false;
    putBack = true;
    source.execute("ALTER ROLE soak PASSWORD '" + password + "'");
    if (theirs) {
      publication.mend();
    }
    return "the server's folder was put back";
  }

  private static void say(String format, Object... arguments) {
    System.out.printf(format + "%n", arguments);
  }

  /// Ends what it has started.
  void end() throws Exception {
    for (Pipeline pipeline : pipelines) {
      if (pipeline.isFollowing()) {
        pipeline.kill(0);
      }
    }
    source.disconnect();
    server.close();
    destination.close();
    Files.deleteIfExists(folder.resolve("clock"));
  }
}
