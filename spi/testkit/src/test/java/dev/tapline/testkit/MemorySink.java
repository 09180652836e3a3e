package dev.tapline.testkit;

import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.sink.Capability;
import dev.tapline.spi.sink.Checkpoint;
import dev.tapline.spi.sink.Commit;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkCommitter;
import dev.tapline.spi.sink.SinkWriter;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.spi.sink.WriterContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A sink whose destination is in memory: the smallest that keeps every promise of one that
/// appends. The faults make it break one of them, to prove that the kit notices.
final class MemorySink implements Sink {
  /// Ways to be wrong.
  enum Fault {
    NONE(""),
    LOSES_NULL("writesEveryChange"),
    TAKES_UNCHANGED_FOR_NULL("writesEveryChange"),
    CUTS_TEXT("writesEveryValueOfEveryType"),
    RETAINS_BATCHES("keepsNothingOfABatchThatItHasGivenBack"),
    LOSES_DELETES("writesEveryChange"),
    SHOWS_BEFORE_COMMIT("showsNothingBeforeTheCommit"),
    ADDS_AGAIN_WHEN_REPEATED("commitsACheckpointOnceHoweverOftenItIsRepeated"),
    REPLACES_AT_PREPARE("keepsTheOldVersionUntilTheNewOneIsComplete"),
    KEEPS_THE_OLD_VERSION("keepsTheOldVersionUntilTheNewOneIsComplete"),
    KEEPS_WHAT_WAS_NOT_PREPARED("givesUpWhatWasNotPrepared"),
    NEVER_SWEEPS("forgetsWhatAKilledRunHasPreparedAndNotKept"),
    SWEEPS_WHAT_IS_VISIBLE("commitsWhatAKilledRunHasPreparedAndKept"),
    FORGETS_THE_CHECKPOINT("remembersTheLastCheckpoint"),
    MIXES_STREAMS("keepsStreamsApart"),
    PUTS_LATER_ROWS_FIRST("namesFilesInTheOrderOfRunsWhateverTheMachinesClockSays"),
    IGNORES_ADDED_COLUMNS("takesAnotherSchemaInTheMiddle"),
    WRITERS_SHARE_A_PART("takesRowsOfOneStreamFromSeveralWritersAtOnce");

    final String test;

    /// @param test the one that must notice
    Fault(String test) {
      this.test = test;
    }
  }

  /// What outlives a process.
  static final class Destination {
    final Map<String, List<Map<String, @Nullable Object>>> visible = new HashMap<>();
    final Map<String, Prepared> prepared = new HashMap<>();
    final Map<String, List<Map<String, @Nullable Object>>> versions = new HashMap<>();
    long checkpoint;
    int count;
  }

  record Prepared(WriterContext context, List<Map<String, @Nullable Object>> rows) {}

  private final Destination destination;
  private final Fault fault;

  MemorySink(Destination destination, Fault fault) {
    this.destination = destination;
    this.fault = fault;
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.REPLACE, Capability.SCHEMA_CHANGE, Capability.EXACTLY_ONCE);
  }

  @Override
  public SinkWriter openWriter(WriterContext context) {
    return new Writer(context);
  }

  @Override
  public SinkCommitter openCommitter() {
    return new Committer();
  }

  private String nameOf(WriterContext context) {
    return fault == Fault.MIXES_STREAMS ? "all" : context.stream().destination();
  }

  private final class Writer implements SinkWriter {
    private final WriterContext context;
    private final List<Batch> retained = new ArrayList<>();
    private List<Map<String, @Nullable Object>> rows = new ArrayList<>();

    Writer(WriterContext context) {
      this.context = context;
    }

    @Override
    public void write(Batch batch) {
      if (fault == Fault.RETAINS_BATCHES) {
        retained.add(batch);
        return;
      }
      take(batch);
    }

    @Override
    public List<Commit> prepare() {
      retained.forEach(this::take);
      retained.clear();
      synchronized (destination) {
        if (fault == Fault.REPLACES_AT_PREPARE && context.mode() == WriteMode.REPLACE) {
          destination.visible.put(nameOf(context), new ArrayList<>(rows));
        }
        if (fault == Fault.SHOWS_BEFORE_COMMIT) {
          destination.visible.computeIfAbsent(nameOf(context), n -> new ArrayList<>()).addAll(rows);
          rows = new ArrayList<>();
        }
        if (rows.isEmpty()) {
          return List.of();
        }
        String id =
            fault == Fault.WRITERS_SHARE_A_PART
                ? context.stream().destination() + context.version()
                : "prepared-" + ++destination.count;
        destination.prepared.put(id, new Prepared(context, rows));
        rows = new ArrayList<>();
        return List.of(new Commit(1, id));
      }
    }

    @Override
    public void close() {
      if (fault == Fault.KEEPS_WHAT_WAS_NOT_PREPARED) {
        synchronized (destination) {
          destination.prepared.put("abandoned", new Prepared(context, rows));
        }
      }
    }

    private void take(Batch batch) {
      for (int i = 0; i < batch.rows(); i++) {
        if (fault == Fault.LOSES_DELETES && batch.change(i) == Change.DELETE) {
          continue;
        }
        Map<String, @Nullable Object> row = new HashMap<>(Canonical.row(batch, i));
        spoil(row, batch);
        rows.add(row);
      }
    }

    private void spoil(Map<String, @Nullable Object> row, Batch batch) {
      switch (fault) {
        case LOSES_NULL -> row.values().removeIf(value -> value == null);
        case TAKES_UNCHANGED_FOR_NULL ->
            batch.schema().fields().forEach(field -> row.putIfAbsent(field.name(), null));
        case CUTS_TEXT ->
            row.replaceAll((name, value) ->
                value instanceof String text && text.length() > 1000
                    ? text.substring(0, 1000)
                    : value);
        case IGNORES_ADDED_COLUMNS ->
            row.keySet().removeIf(name -> context.stream().schema().indexOf(name) < 0);
        default -> {}
      }
    }
  }

  private final class Committer implements SinkCommitter {
    @Override
    public OptionalLong lastCheckpoint() {
      return destination.checkpoint == 0
          ? OptionalLong.empty()
          : OptionalLong.of(destination.checkpoint);
    }

    @Override
    public void commit(Checkpoint checkpoint) {
      synchronized (destination) {
        if (fault == Fault.ADDS_AGAIN_WHEN_REPEATED) {
          place(checkpoint);
        } else if (checkpoint.number() > destination.checkpoint) {
          place(checkpoint);
          checkpoint.allCommits().forEach(commit -> destination.prepared.remove(commit.payload()));
        }
        if (fault != Fault.FORGETS_THE_CHECKPOINT) {
          destination.checkpoint = checkpoint.number();
        }
      }
    }

    @Override
    public void sweep() {
      if (fault != Fault.NEVER_SWEEPS) {
        destination.prepared.clear();
      }
      if (fault == Fault.SWEEPS_WHAT_IS_VISIBLE) {
        destination.visible.clear();
      }
    }

    @Override
    public void close() {}

    private void place(Checkpoint checkpoint) {
      for (Commit commit : checkpoint.allCommits()) {
        Prepared prepared = destination.prepared.get(commit.payload());
        if (prepared == null) {
          throw new IllegalStateException(commit.payload() + " is gone");
        }
        WriterContext context = prepared.context();
        List<Map<String, @Nullable Object>> rows =
            (context.mode() == WriteMode.REPLACE ? destination.versions : destination.visible)
                .computeIfAbsent(nameOf(context), name -> new ArrayList<>());
        rows.addAll(fault == Fault.PUTS_LATER_ROWS_FIRST ? 0 : rows.size(), prepared.rows());
      }
      for (Checkpoint.TableReplacement replacement : checkpoint.replacements()) {
        List<Map<String, @Nullable Object>> rows =
            destination.versions.remove(replacement.destination());
        List<Map<String, @Nullable Object>> fresh = rows == null ? new ArrayList<>() : rows;
        if (fault == Fault.KEEPS_THE_OLD_VERSION) {
          fresh.addAll(destination.visible.getOrDefault(replacement.destination(), List.of()));
        }
        destination.visible.put(replacement.destination(), fresh);
      }
    }
  }
}
