package dev.tapline.engine.checkpoint;

import dev.tapline.engine.failure.Failures;
import dev.tapline.engine.failure.RetryPolicy;
import dev.tapline.engine.state.StateStore;
import dev.tapline.engine.state.StreamState;
import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.Checkpoint;
import dev.tapline.spi.sink.Commit;
import dev.tapline.spi.sink.SinkCommitter;
import dev.tapline.spi.thread.Threads;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes what writers have prepared visible, in checkpoints: state, sink, state, each durable
/// before the next.
///
/// It has a thread of its own, so that splits go on meanwhile; what is submitted while a checkpoint
/// is on its way becomes the next one together, so that 10,000 small tables do not cost 10,000
/// times two writes of the state.
public final class Checkpointer implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger("checkpoint");
  private static final int MOST_WAITING = 1_000;

  /// What shall become visible and durable together.
  ///
  /// @param commits what writers have prepared
  /// @param replacements streams whose new version is complete
  /// @param states what is then true of the streams
  /// @param completion completes when all of that is durable, or fails with the reason
  record CheckpointRequest(
      Map<StreamName, List<Commit>> commits,
      List<Checkpoint.TableReplacement> replacements,
      List<StreamState> states,
      CompletableFuture<Void> completion) {}

  private final StateStore store;
  private final SinkCommitter committer;
  private final DestinationState destinationState;
  private final RunNumbers numbers;
  private final RetryPolicy retries;
  private final BlockingQueue<CheckpointRequest> requests = new ArrayBlockingQueue<>(MOST_WAITING);
  private final Thread thread;

  /// The requests of the checkpoint that is being made; of the checkpoint thread alone.
  private final List<CheckpointRequest> current = new ArrayList<>();

  private volatile boolean closing;
  private volatile @Nullable IOException failure;

  /// @param destinationState is written after each checkpoint
  /// @param numbers what is given to the sink's rows and names
  public Checkpointer(
      StateStore store,
      SinkCommitter committer,
      DestinationState destinationState,
      RunNumbers numbers,
      RetryPolicy retries) {
    this.store = store;
    this.committer = committer;
    this.destinationState = destinationState;
    this.numbers = numbers;
    this.retries = retries;
    thread = Threads.platform("checkpoint", this::work, this::fail);
    thread.start();
  }

  /// Requests a checkpoint, and waits only when very many are waiting already.
  ///
  /// @return completes when the request is durable; fails with an [IOException] when it cannot be
  /// @throws IOException if an earlier checkpoint has failed: none can follow it
  public CompletableFuture<Void> submit(
      Map<StreamName, List<Commit>> commits,
      List<Checkpoint.TableReplacement> replacements,
      List<StreamState> states)
      throws IOException, InterruptedException {
    CheckpointRequest request =
        new CheckpointRequest(commits, replacements, states, new CompletableFuture<>());
    while (!requests.offer(request, 100, TimeUnit.MILLISECONDS)) {
      requireNoFailure();
    }
    requireNoFailure();
    return request.completion();
  }

  /// Makes the checkpoints that are waiting, and ends.
  @Override
  public void close() {
    closing = true;
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        // Durability goes before speed: the checkpoint on its way must end in order.
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Asked by what reads: rows that no checkpoint will take need not be read.
  ///
  /// @throws IOException if a checkpoint has failed: none can follow it
  public void requireNoFailure() throws IOException {
    IOException reason = failure;
    if (reason != null) {
      throw new IOException(Failures.message(reason), reason);
    }
  }

  private void work() throws IOException {
    try {
      checkpoints();
    } catch (InterruptedException e) {
      throw new IOException("the checkpoint was interrupted", e);
    }
  }

  private void checkpoints() throws IOException, InterruptedException {
    while (true) {
      CheckpointRequest first = requests.poll(50, TimeUnit.MILLISECONDS);
      if (first == null) {
        if (closing) {
          return;
        }
        continue;
      }
      current.add(first);
      requests.drainTo(current, MOST_WAITING);
      checkpoint(current);
      current.forEach(request -> request.completion().complete(null));
      current.clear();
    }
  }

  /// After a checkpoint has failed no other is made: what waits for one fails, and so does what is
  /// submitted later.
  private void fail(Throwable cause) {
    IOException reason = Failures.of(cause);
    LOG.debug("checkpoint {}: {}", store.state().checkpoint() + 1, Failures.message(reason), cause);
    failure = reason;
    requests.drainTo(current);
    current.forEach(request -> request.completion().completeExceptionally(reason));
  }

  private void checkpoint(List<CheckpointRequest> merged) throws IOException, InterruptedException {
    Map<StreamName, List<Commit>> commits = new LinkedHashMap<>();
    List<Checkpoint.TableReplacement> replacements = new ArrayList<>();
    Map<StreamName, StreamState> states = new LinkedHashMap<>();
    Map<StreamName, Position> positions = new LinkedHashMap<>();
    for (CheckpointRequest request : merged) {
      request
          .commits()
          .forEach((stream, prepared) ->
              commits.computeIfAbsent(stream, _ -> new ArrayList<>()).addAll(prepared));
      replacements.addAll(request.replacements());
      for (StreamState state : request.states()) {
        states.put(state.name(), state);
        positions.put(state.name(), state.position());
      }
    }
    Checkpoint checkpoint =
        new Checkpoint(store.state().checkpoint() + 1, commits, replacements, positions);
    store.beginCheckpoint(checkpoint, states, numbers.reached());
    retries.call(
        "checkpoint " + checkpoint.number(),
        () -> {
          committer.commit(checkpoint);
          destinationState.write();
          return checkpoint;
        });
    store.completeCheckpoint();
    LOG.debug(
        "checkpoint {}: {} commits, {} streams complete",
        checkpoint.number(),
        checkpoint.allCommits().size(),
        replacements.size());
  }
}
