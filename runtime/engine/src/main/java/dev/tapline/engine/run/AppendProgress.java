package dev.tapline.engine.run;

import dev.tapline.engine.checkpoint.Checkpointer;
import dev.tapline.engine.checkpoint.DurablePositions;
import dev.tapline.engine.failure.Failures;
import dev.tapline.engine.plan.StreamWork;
import dev.tapline.engine.state.StreamState;
import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.Commit;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.Split;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// How far a split that adds rows has come, over all attempts at it: what is durable, and the one
/// checkpoint that may be on its way. A stream that has failed keeps the place of its last
/// checkpoint. One thread.
final class AppendProgress {
  private final Checkpointer checkpointer;
  private final Map<StreamName, StreamWork> streams;
  private Map<StreamName, Position> durable;
  private Map<StreamName, Position> handedOver;
  private final @Nullable Map<StreamName, Position> atDestination;
  private @Nullable CompletableFuture<Void> underWay;
  private long rows;
  private long furthest;

  /// @param durablePositions says what the destination holds, where that is not for the run to say
  AppendProgress(
      Checkpointer checkpointer,
      DurablePositions durablePositions,
      Split split,
      Map<StreamName, StreamWork> streams) {
    this.checkpointer = checkpointer;
    this.atDestination = durablePositions.of(split).orElse(null);
    this.streams = streams;
    this.durable = split.from();
    this.handedOver = split.from();
  }

  /// Where each stream of the split would go on after a crash.
  Map<StreamName, Position> durable() {
    return durable;
  }

  /// Tells the source what is durable, so that it need not keep it.
  void acknowledge(BatchReader reader) throws IOException {
    Map<StreamName, Position> safe = atDestination == null ? durable : atDestination;
    if (!safe.isEmpty() && safe.values().stream().noneMatch(Position::isStart)) {
      reader.acknowledge(safe);
    }
  }

  boolean isUnderWay() {
    CompletableFuture<Void> checkpoint = underWay;
    return checkpoint != null && !checkpoint.isDone();
  }

  /// Whether a checkpoint has ended, well or not, that nobody has asked after.
  boolean hasCompleted() {
    CompletableFuture<Void> checkpoint = underWay;
    return checkpoint != null && checkpoint.isDone();
  }

  /// Whether these positions say nothing that was not handed over already.
  boolean knows(Map<StreamName, Position> positions) {
    return handedOver.entrySet().containsAll(positions.entrySet());
  }

  /// Counts rows of an attempt.
  ///
  /// @return whether no attempt since the last checkpoint has come as far
  boolean reachesFurther(long moreRows) {
    rows += moreRows;
    if (rows <= furthest) {
      return false;
    }
    furthest = rows;
    return true;
  }

  /// An attempt begins at the last places that are durable.
  void beginAttempt() {
    rows = 0;
  }

  /// Begins a checkpoint, after the one before has ended.
  ///
  /// @param positions where the streams stand with it; those that are not named stay
  void begin(Map<StreamName, Position> positions, Map<StreamName, List<Commit>> commits)
      throws IOException, InterruptedException {
    await();
    List<StreamState> states = new ArrayList<>();
    // The same for all: what they have in common, the state keeps once.
    Instant now = Instant.now();
    positions.forEach((name, position) -> {
      if (!position.equals(handedOver.get(name))) {
        states.add(state(name, position, now));
      }
    });
    rows = 0;
    furthest = 0;
    underWay = checkpointer.submit(commits, List.of(), states);
    Map<StreamName, Position> next = new LinkedHashMap<>(handedOver);
    next.putAll(positions);
    handedOver = next;
  }

  /// Waits until the checkpoint that is on its way is durable, if there is one.
  ///
  /// @return whether there was one
  boolean await() throws IOException, InterruptedException {
    CompletableFuture<Void> checkpoint = underWay;
    if (checkpoint == null) {
      return false;
    }
    try {
      checkpoint.get();
    } catch (ExecutionException e) {
      throw new IOException(Failures.message(Failures.cause(e)), e);
    }
    underWay = null;
    durable = handedOver;
    durable.forEach((name, position) -> {
      StreamWork work = streams.get(name);
      if (work != null) {
        work.progress().durable(position);
      }
    });
    return true;
  }

  private StreamState state(StreamName name, Position position, Instant now) {
    StreamWork work = streams.get(name);
    if (work == null) {
      throw new IllegalArgumentException(
          "a position of " + name + ", which the read does not bring");
    }
    return new StreamState(
        name, work.stream().method(), work.stream().destination(), work.version(), position, now);
  }
}
