package dev.tapline.engine.run;

import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.sink.Capability;
import dev.tapline.spi.sink.Checkpoint;
import dev.tapline.spi.sink.Commit;
import dev.tapline.spi.sink.GrowingClock;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkCommitter;
import dev.tapline.spi.sink.SinkContext;
import dev.tapline.spi.sink.SinkState;
import dev.tapline.spi.sink.SinkWriter;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.spi.sink.WriterContext;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// A destination in memory that outlives its sinks, as a real one does, and can be made to fail at
/// each step of a commit.
public final class FakeSink {
  /// Rows by destination, as a reader of the destination sees them.
  public final Map<String, List<Long>> visible = new ConcurrentHashMap<>();

  final Map<String, List<Long>> prepared = new ConcurrentHashMap<>();
  final List<Checkpoint> commits = new ArrayList<>();
  final List<Finding> findings = new ArrayList<>();

  /// Findings about single streams, by destination.
  public final Map<String, Finding> refusals = new HashMap<>();

  final AtomicLong openWriters = new AtomicLong();
  public volatile Step beforeOpen = checkpoint -> {};
  volatile Step beforeCommit = checkpoint -> {};

  /// The destination whose rows cannot be added, whatever is tried.
  volatile String poisoned = "";

  volatile Step afterCommit = checkpoint -> {};
  volatile Step beforeWrite = checkpoint -> {};
  volatile boolean schemaChanges;
  volatile OptionalLong checkpointRows = OptionalLong.empty();

  /// A row that no writer takes.
  volatile long refused = Long.MIN_VALUE;

  /// A row for which there is no memory.
  public volatile long tooLarge = Long.MIN_VALUE;

  /// The time of the pipeline's clock when each checkpoint was committed.
  final List<Long> times = new ArrayList<>();

  /// Whether rows are seen as they are written.
  public volatile boolean standardOutput;

  /// Whether the destination keeps the state, what it gives back of it, and what it was handed.
  volatile boolean keepsState;

  volatile SinkState given = SinkState.NONE;
  final List<SinkState> handed = new ArrayList<>();

  /// The version that the destination remembers.
  volatile long highestVersion;

  private volatile GrowingClock clock = new GrowingClock(InstantSource.system(), 0);
  private final AtomicLong names = new AtomicLong();
  private final Set<String> done = new HashSet<>();
  private long mark;

  /// A step that may fail; it has no checkpoint when it is a write.
  public interface Step {
    void run(long checkpoint) throws IOException;
  }

  Sink sink(SinkContext context) {
    clock = context.clock();
    return new Opened();
  }

  long mark() {
    return mark;
  }

  void mark(long number) {
    mark = number;
  }

  private final class Opened implements Sink {
    @Override
    public OptionalLong checkpointRows() {
      return checkpointRows;
    }

    @Override
    public Set<Capability> capabilities() {
      if (keepsState) {
        return Set.of(Capability.STANDARD_OUTPUT, Capability.STATE);
      }
      if (standardOutput) {
        return Set.of(Capability.STANDARD_OUTPUT);
      }
      return schemaChanges
          ? Set.of(Capability.REPLACE, Capability.EXACTLY_ONCE, Capability.SCHEMA_CHANGE)
          : Set.of(Capability.REPLACE, Capability.EXACTLY_ONCE);
    }

    @Override
    public List<Finding> check(List<Stream> streams) {
      List<Finding> all = new ArrayList<>(findings);
      for (Stream stream : streams) {
        if (refusals.containsKey(stream.destination())) {
          all.add(refusals.get(stream.destination()));
        }
      }
      return all;
    }

    @Override
    public SinkWriter openWriter(WriterContext context) {
      clock.next();
      openWriters.incrementAndGet();
      return new Writer(context);
    }

    @Override
    public SinkCommitter openCommitter() throws IOException {
      beforeOpen.run(0);
      return new Committer();
    }
  }

  private final class Writer implements SinkWriter {
    private final WriterContext context;
    private final List<Long> rows = new ArrayList<>();

    Writer(WriterContext context) {
      this.context = context;
    }

    @Override
    public void write(Batch batch) throws IOException {
      beforeWrite.run(0);
      for (int i = 0; i < batch.rows(); i++) {
        long row = ((LongColumn) batch.column(0)).get(i);
        if (row == tooLarge) {
          throw new OutOfMemoryError("Java heap space");
        }
        if (row == refused) {
          throw new IOException("cannot hold " + row);
        }
        rows.add(row);
      }
    }

    @Override
    public List<Commit> prepare() {
      if (rows.isEmpty()) {
        return List.of();
      }
      String name =
          context.stream().destination()
              + "/"
              + (context.mode() == WriteMode.REPLACE ? context.version() : "live")
              + "/"
              + names.incrementAndGet();
      prepared.put(name, List.copyOf(rows));
      rows.clear();
      return List.of(new Commit(1, name));
    }

    @Override
    public void close() {
      openWriters.decrementAndGet();
    }
  }

  private final class Committer implements SinkCommitter {
    @Override
    public OptionalLong lastCheckpoint() {
      return mark == 0 ? OptionalLong.empty() : OptionalLong.of(mark);
    }

    @Override
    public SinkState readState() {
      return given;
    }

    @Override
    public String stateLocation() {
      return "the fake";
    }

    @Override
    public void writeState(SinkState state) {
      handed.add(state);
    }

    @Override
    public long highestVersion() {
      return highestVersion;
    }

    @Override
    public void commit(Checkpoint checkpoint) throws IOException {
      beforeCommit.run(checkpoint.number());
      Map<String, List<Long>> versions = new HashMap<>();
      for (Commit commit : checkpoint.allCommits()) {
        String[] parts = commit.payload().split("/");
        if (parts[1].equals("live")) {
          if (parts[0].equals(poisoned)) {
            throw new IOException("destination " + poisoned + ": it cannot be merged");
          }
          if (done.add(commit.payload())) {
            visible.computeIfAbsent(parts[0], name -> new ArrayList<>()).addAll(rows(commit));
          }
        } else {
          versions
              .computeIfAbsent(parts[0] + "/" + parts[1], name -> new ArrayList<>())
              .addAll(rows(commit));
        }
      }
      for (Checkpoint.TableReplacement replacement : checkpoint.replacements()) {
        visible.put(
            replacement.destination(),
            versions.getOrDefault(
                replacement.destination() + "/" + replacement.version(), List.of()));
      }
      mark = checkpoint.number();
      commits.add(checkpoint);
      times.add(clock.last());
      afterCommit.run(checkpoint.number());
    }

    private List<Long> rows(Commit commit) throws IOException {
      List<Long> rows = prepared.get(commit.payload());
      if (rows == null) {
        throw new IOException("what was prepared as " + commit.payload() + " is gone");
      }
      return rows;
    }

    @Override
    public void sweep() {
      // As a real one does, which cannot know what the engine still counts on.
      prepared.clear();
    }

    @Override
    public void close() {}
  }
}
