package dev.tapline.engine.run;

import dev.tapline.engine.Pipeline;
import dev.tapline.engine.StopSignal;
import dev.tapline.engine.checkpoint.Checkpointer;
import dev.tapline.engine.checkpoint.DurablePositions;
import dev.tapline.engine.failure.Failures;
import dev.tapline.engine.failure.RetryPolicy;
import dev.tapline.engine.plan.StreamWork;
import dev.tapline.spi.TransientException;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.Commit;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.Source;
import dev.tapline.spi.source.Split;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Moves the rows of one split from the source into the sink, with as many attempts as it takes.
/// One thread.
final class SplitTask {
  static final Duration POLL = Duration.ofMillis(250);
  private static final Logger LOG = LoggerFactory.getLogger("run");

  /// What the tasks of a run share.
  record RunContext(
      Source source,
      Sink sink,
      Checkpointer checkpointer,
      DurablePositions durablePositions,
      Pipeline.Engine settings,
      StopSignal stop) {}

  /// How a split ended, when it did not fail.
  ///
  /// @param finished whether it came to its end; false when it was stopped or abandoned
  /// @param commits what its writers have prepared, of a split of a new version
  record Outcome(boolean finished, List<Commit> commits) {
    static final Outcome UNFINISHED = new Outcome(false, List.of());
  }

  /// One go at a split.
  interface Attempt extends Closeable {
    Outcome run() throws IOException, InterruptedException;
  }

  private final RunContext context;
  private final Split split;
  private final Map<StreamName, StreamWork> streams;
  private final boolean log;
  private final AppendProgress progress;
  private final AtomicLong furthest = new AtomicLong();
  private volatile @Nullable BatchReader current;

  /// @param log whether the split follows a log
  SplitTask(RunContext context, Split split, Map<StreamName, StreamWork> streams, boolean log) {
    this.context = context;
    this.split = split;
    this.log = log;
    this.streams = streams;
    this.progress =
        new AppendProgress(context.checkpointer(), context.durablePositions(), split, streams);
  }

  /// @throws dev.tapline.spi.source.StaleSplitException if the streams must be planned anew
  /// @throws IOException if the split cannot be done
  Outcome run() throws IOException, InterruptedException {
    RetryPolicy retries = new RetryPolicy(context.settings().retryFor(), context.stop());
    while (true) {
      if (isOver()) {
        return Outcome.UNFINISHED;
      }
      context.checkpointer().requireNoFailure();
      try (Attempt attempt = begin(retries)) {
        return attempt.run();
      } catch (TransientException e) {
        if (isOver()) {
          return Outcome.UNFINISHED;
        }
        retries.failed("the read failed", e);
        progress.await();
      } finally {
        current = null;
      }
    }
  }

  /// Ends the wait for the source, of a split whose rows nobody will see. Called by another thread.
  void cancel() {
    if (split.mode() == WriteMode.REPLACE) {
      abort();
    }
  }

  /// Ends the wait for the source, whatever becomes of the rows. Called by another thread.
  void abort() {
    BatchReader reader = current;
    if (reader == null) {
      return;
    }
    try {
      reader.close();
    } catch (IOException | RuntimeException e) {
      LOG.warn("{}: {}", split.id(), Failures.message(e), e);
    }
  }

  private Attempt begin(RetryPolicy retries) throws IOException, InterruptedException {
    SplitWriters writers = new SplitWriters(context.sink(), split, streams);
    BatchReader reader = context.source().open(split.from(progress.durable()));
    current = reader;
    try {
      return split.mode() == WriteMode.REPLACE
          ? new ReplaceAttempt(
              reader, writers, retries, context.checkpointer(), furthest, this::isOver)
          : new AppendAttempt(context, streams, reader, writers, retries, progress, log);
    } catch (RuntimeException | Error e) {
      abort();
      throw e;
    }
  }

  private boolean isOver() {
    return context.stop().isRequested()
        || streams.values().stream().allMatch(StreamWork::isAbandoned);
  }
}
