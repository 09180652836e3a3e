package dev.tapline.runtime.engine;

import dev.tapline.runtime.descriptor.Pipeline;
import dev.tapline.runtime.state.StreamState;
import dev.tapline.spi.Position;
import dev.tapline.spi.TransientException;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.Commit;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.Read;
import dev.tapline.spi.source.Source;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Moves the rows of one read from the source into the sink, with as many attempts as it takes.
///
/// Rows of a new version are prepared once, when the read has ended, and given to the coordinator.
/// Rows that are added become visible checkpoint by checkpoint. One thread.
final class ReadTask {
  private static final Logger LOG = LoggerFactory.getLogger("run");
  private static final Duration POLL = Duration.ofMillis(250);

  /// What the tasks of a run share.
  record Shared(
      Source source,
      Sink sink,
      Checkpointer checkpointer,
      Pipeline.Engine settings,
      StopSignal stop) {}

  /// How a read ended, when it did not fail.
  ///
  /// @param finished whether it came to its end; false when it was stopped or abandoned
  /// @param commits what its writers have prepared, of a read of a new version
  record Outcome(boolean finished, List<Commit> commits) {}

  private final Shared shared;
  private final Read read;
  private final Map<StreamName, StreamWork> streams;
  private Position durable;
  private @Nullable CompletableFuture<Void> checkpoint;
  private volatile @Nullable BatchReader current;
  private Position inCheckpoint;

  ReadTask(Shared shared, Read read, Map<StreamName, StreamWork> streams) {
    this.shared = shared;
    this.read = read;
    this.streams = streams;
    this.durable = read.from();
    this.inCheckpoint = read.from();
  }

  /// @throws dev.tapline.spi.source.StaleReadException if the streams must be planned anew
  /// @throws IOException if the read cannot be done
  Outcome run() throws IOException, InterruptedException {
    Retries retries = new Retries(shared.settings().retryFor(), shared.stop());
    while (true) {
      try (Attempt attempt = new Attempt(retries)) {
        return attempt.run();
      } catch (TransientException e) {
        if (isOver()) {
          return new Outcome(false, List.of());
        }
        retries.failed(read.id(), e);
        awaitCheckpoint();
      }
    }
  }

  /// Ends the wait for the source, of a read whose rows nobody will see. Called by another thread.
  void cancel() {
    BatchReader reader = current;
    if (reader == null || read.mode() != WriteMode.REPLACE) {
      return;
    }
    try {
      reader.close();
    } catch (IOException e) {
      LOG.warn("{}: {}", read.id(), Failures.message(e), e);
    }
  }

  private boolean isOver() {
    return shared.stop().isRequested()
        || streams.values().stream().allMatch(StreamWork::isAbandoned);
  }

  private void awaitCheckpoint() throws IOException, InterruptedException {
    CompletableFuture<Void> waiting = checkpoint;
    if (waiting == null) {
      return;
    }
    try {
      waiting.get();
    } catch (ExecutionException e) {
      throw new IOException(Failures.message(Failures.cause(e)), e);
    }
    checkpoint = null;
    durable = inCheckpoint;
    streams.values().forEach(stream -> stream.progress().durable(durable));
  }

  /// One go at the read, from the last position that is durable.
  private final class Attempt implements AutoCloseable {
    private final Retries retries;
    private final BatchReader reader;
    private final Writers writers;
    private final CheckpointClock clock = new CheckpointClock(shared.settings());

    Attempt(Retries retries) throws IOException, InterruptedException {
      this.retries = retries;
      this.writers = new Writers(shared.sink(), read, streams);
      this.reader = shared.source().open(read.from(durable));
      current = reader;
    }

    Outcome run() throws IOException, InterruptedException {
      if (read.mode() == WriteMode.REPLACE) {
        writers.openAll();
      }
      while (!reader.finished()) {
        if (isOver()) {
          return stop();
        }
        Optional<Batch> batch = reader.poll(POLL);
        if (batch.isPresent()) {
          writers.write(batch.get());
          clock.count(batch.get());
          retries.succeeded();
        }
        if (read.mode() == WriteMode.APPEND) {
          acknowledge(false);
          if (clock.isDue()) {
            beginCheckpoint();
          }
        }
      }
      if (read.mode() == WriteMode.REPLACE) {
        List<Commit> commits = writers.prepare();
        writers.keep();
        return new Outcome(true, commits);
      }
      beginCheckpoint();
      acknowledge(true);
      writers.keep();
      return new Outcome(true, List.of());
    }

    private Outcome stop() throws IOException, InterruptedException {
      if (read.mode() == WriteMode.APPEND) {
        beginCheckpoint();
        acknowledge(true);
        if (clock.isEmpty()) {
          writers.keep();
        }
      }
      return new Outcome(false, List.of());
    }

    private void beginCheckpoint() throws IOException, InterruptedException {
      Position position = reader.position();
      if (position.equals(inCheckpoint)) {
        return; // no row since, or a reader that cannot be resumed here
      }
      acknowledge(true);
      List<Commit> commits = writers.prepare();
      List<StreamState> states = new ArrayList<>();
      for (StreamWork work : streams.values()) {
        states.add(
            new StreamState(
                work.stream().name(),
                work.stream().method(),
                work.stream().destination(),
                work.generation(),
                position,
                Instant.now()));
      }
      checkpoint = shared.checkpointer().submit(commits, List.of(), states);
      inCheckpoint = position;
      writers.keep();
      clock.restart();
    }

    private void acknowledge(boolean wait) throws IOException, InterruptedException {
      CompletableFuture<Void> waiting = checkpoint;
      if (waiting != null && (wait || waiting.isDone())) {
        awaitCheckpoint();
        reader.committed(durable);
      }
    }

    @Override
    public void close() throws IOException {
      current = null;
      try (reader) {
        writers.close();
      }
    }
  }
}
