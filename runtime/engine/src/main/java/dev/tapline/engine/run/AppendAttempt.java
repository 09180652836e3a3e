package dev.tapline.engine.run;

import dev.tapline.engine.checkpoint.CheckpointClock;
import dev.tapline.engine.failure.Failures;
import dev.tapline.engine.failure.RetryPolicy;
import dev.tapline.engine.plan.StreamWork;
import dev.tapline.spi.Position;
import dev.tapline.spi.TransientException;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.Capability;
import dev.tapline.spi.sink.Commit;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.StaleSplitException;
import dev.tapline.spi.source.StreamException;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One go at a split that adds rows, from the last places that are durable: rows become visible
/// checkpoint by checkpoint, wherever the reader could be begun anew. A stream that cannot go on
/// ends alone. One thread.
final class AppendAttempt implements SplitTask.Attempt {
  private static final Duration TO_A_BOUNDARY = Duration.ofSeconds(2);
  private static final Duration QUIET = Duration.ofSeconds(30);

  private final SplitTask.RunContext context;
  private final Map<StreamName, StreamWork> streams;
  private final BatchReader reader;
  private final SplitWriters writers;
  private final RetryPolicy retries;
  private final AppendProgress progress;
  private final CheckpointClock clock;
  private final boolean schemasMayChange;
  private final long began = System.nanoTime();
  private long stopSeenAt;

  /// @param log whether the reader follows a log
  AppendAttempt(
      SplitTask.RunContext context,
      Map<StreamName, StreamWork> streams,
      BatchReader reader,
      SplitWriters writers,
      RetryPolicy retries,
      AppendProgress progress,
      boolean log) {
    this.context = context;
    this.streams = streams;
    this.reader = reader;
    this.writers = writers;
    this.retries = retries;
    this.progress = progress;
    this.clock = new CheckpointClock(context.settings(), context.sink());
    this.schemasMayChange = context.sink().capabilities().contains(Capability.SCHEMA_CHANGE);
    progress.beginAttempt();
    if (log) {
      running().forEach(work -> work.progress().following(reader::lag));
    }
  }

  @Override
  public SplitTask.Outcome run() throws IOException, InterruptedException {
    // A run that was killed may have had no time to say so.
    progress.acknowledge(reader);
    while (!reader.finished()) {
      if (running().isEmpty()) {
        return SplitTask.Outcome.UNFINISHED;
      }
      if (mayStop()) {
        finish();
        return SplitTask.Outcome.UNFINISHED;
      }
      context.checkpointer().requireNoFailure();
      poll();
      if (progress.hasCompleted()) {
        acknowledgeCheckpoint();
      }
      if (clock.isDue(progress.isUnderWay())) {
        beginCheckpoint();
      }
    }
    finish();
    if (!clock.isEmpty()) {
      throw new IOException("the read ended in the middle of a transaction; report this");
    }
    return new SplitTask.Outcome(true, List.of());
  }

  private List<StreamWork> running() {
    return streams.values().stream().filter(work -> !work.isAbandoned()).toList();
  }

  /// Whether the run is to stop and the reader stands where it can be resumed, or has been given
  /// the time to get there.
  private boolean mayStop() {
    if (!context.stop().isRequested()) {
      return false;
    }
    long now = System.nanoTime();
    if (stopSeenAt == 0) {
      stopSeenAt = now;
    }
    return !reader.positions().isEmpty() || now - stopSeenAt > TO_A_BOUNDARY.toNanos();
  }

  private void poll() throws IOException, InterruptedException {
    Optional<Batch> batch;
    try {
      batch = reader.poll(clock.pollTimeout(SplitTask.POLL));
    } catch (StreamException e) {
      StreamWork work = streams.get(e.stream());
      if (work == null) {
        throw e;
      }
      fail(work, e);
      return;
    } catch (StaleSplitException e) {
      // What was read of the other streams is sound, and need not be read again.
      finish();
      throw e;
    }
    if (batch.isPresent()) {
      write(batch.get());
      return;
    }
    clock.noRows();
    if (System.nanoTime() - began > QUIET.toNanos()) {
      retries.succeeded(); // it holds, even when nothing happens
    }
  }

  private void write(Batch batch) throws IOException, InterruptedException {
    StreamWork work = streams.get(batch.stream());
    if (work != null && work.isAbandoned()) {
      return; // the reader does not know that this stream has failed
    }
    try {
      if (work != null && !schemasMayChange) {
        writers.requireSchema(batch);
      }
      writers.write(batch);
    } catch (TransientException e) {
      throw e;
    } catch (IOException | OutOfMemoryError e) {
      if (work == null) {
        throw e;
      }
      fail(work, e);
      return;
    }
    clock.count(batch);
    if (progress.reachesFurther(batch.rows())) {
      retries.succeeded();
    }
  }

  /// Ends one stream and discards its rows since the last checkpoint, where a later run resumes.
  private void fail(StreamWork work, Throwable reason) throws IOException {
    work.fail(reason);
    if (Failures.isFatal(reason)) {
      throw Failures.of(reason);
    }
    writers.giveUp(work.stream().name());
  }

  private void finish() throws IOException, InterruptedException {
    beginCheckpoint();
    acknowledgeCheckpoint();
  }

  private void beginCheckpoint() throws IOException, InterruptedException {
    Map<StreamName, Position> positions = new LinkedHashMap<>(reader.positions());
    if (positions.isEmpty()) {
      return; // in the middle of a transaction
    }
    positions.keySet().removeIf(this::isGone);
    if (positions.isEmpty() || (clock.isEmpty() && progress.knows(positions))) {
      clock.restart();
      return;
    }
    acknowledgeCheckpoint();
    Map<StreamName, List<Commit>> commits = new LinkedHashMap<>();
    for (StreamWork work : running()) {
      StreamName name = work.stream().name();
      if (!positions.containsKey(name)) {
        // The reader cannot go on with it from here: what it brought would come again.
        writers.giveUp(name);
        continue;
      }
      try {
        commits.put(name, writers.prepare(name));
      } catch (TransientException e) {
        throw e;
      } catch (IOException | OutOfMemoryError e) {
        fail(work, e);
        positions.remove(name);
      }
    }
    progress.begin(positions, commits);
    writers.keep();
    writers.closeIdle();
    clock.restart();
  }

  private boolean isGone(StreamName name) {
    StreamWork work = streams.get(name);
    return work == null || work.isAbandoned();
  }

  /// Tells the source what is durable, once the checkpoint that is on its way has ended.
  private void acknowledgeCheckpoint() throws IOException, InterruptedException {
    if (progress.await()) {
      progress.acknowledge(reader);
    }
  }

  @Override
  public void close() throws IOException {
    try (reader;
        writers) {
      streams.values().forEach(work -> work.progress().followed());
    }
  }
}
