package dev.tapline.engine.run;

import dev.tapline.engine.checkpoint.Checkpointer;
import dev.tapline.engine.failure.RetryPolicy;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.source.BatchReader;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/// One go at a split of a new version: its rows are prepared once, when all were read, and given to
/// the coordinator. One thread.
final class ReplaceAttempt implements SplitTask.Attempt {
  private final BatchReader reader;
  private final SplitWriters writers;
  private final RetryPolicy retries;
  private final Checkpointer checkpointer;
  private final AtomicLong furthest;
  private final BooleanSupplier over;
  private long rows;

  /// @param furthest how many rows an attempt has brought at the most
  /// @param over says when nobody wants the rows any more
  ReplaceAttempt(
      BatchReader reader,
      SplitWriters writers,
      RetryPolicy retries,
      Checkpointer checkpointer,
      AtomicLong furthest,
      BooleanSupplier over) {
    this.furthest = furthest;
    this.reader = reader;
    this.writers = writers;
    this.retries = retries;
    this.checkpointer = checkpointer;
    this.over = over;
  }

  @Override
  public SplitTask.Outcome run() throws IOException, InterruptedException {
    writers.openAll();
    while (!reader.finished()) {
      if (over.getAsBoolean()) {
        return SplitTask.Outcome.UNFINISHED;
      }
      checkpointer.requireNoFailure();
      Optional<Batch> batch = reader.poll(SplitTask.POLL);
      if (batch.isPresent()) {
        int read = batch.get().rows();
        writers.write(batch.get());
        count(read);
      }
    }
    SplitTask.Outcome outcome = new SplitTask.Outcome(true, writers.prepareAll());
    writers.keep();
    return outcome;
  }

  // What an earlier attempt has brought as well is no progress: it may always end at one place.
  private void count(int read) {
    rows += read;
    if (rows > furthest.get()) {
      furthest.set(rows);
      retries.succeeded();
    }
  }

  @Override
  public void close() throws IOException {
    try (reader) {
      writers.close();
    }
  }
}
