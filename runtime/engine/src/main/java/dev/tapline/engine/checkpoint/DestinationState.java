package dev.tapline.engine.checkpoint;

import dev.tapline.engine.state.HighWaterMarks;
import dev.tapline.engine.state.PipelineState;
import dev.tapline.engine.state.RunStateStore;
import dev.tapline.engine.state.StreamState;
import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.Capability;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkCommitter;
import dev.tapline.spi.sink.SinkState;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The state of a pipeline whose destination keeps it ([Capability#STATE]): what that gives back is
/// what a run begins with, and it is given the state with each checkpoint. For any other
/// destination this does nothing.
public final class DestinationState {
  private static final Logger LOG = LoggerFactory.getLogger("state");

  private final RunStateStore store;
  private final SinkCommitter committer;
  private final RunNumbers numbers;
  private final boolean atDestination;
  private final Map<StreamName, Position> restored = new LinkedHashMap<>();
  private boolean written;

  public DestinationState(
      RunStateStore store, Sink sink, SinkCommitter committer, RunNumbers numbers) {
    this.store = store;
    this.committer = committer;
    this.numbers = numbers;
    this.atDestination = isOf(sink);
  }

  /// Whether a destination keeps the state.
  public static boolean isOf(Sink sink) {
    return sink.capabilities().contains(Capability.STATE);
  }

  public boolean atDestination() {
    return atDestination;
  }

  /// Takes over what the destination gives back.
  public void begin() throws IOException, InterruptedException {
    if (!atDestination) {
      return;
    }
    if (!store.state().streams().isEmpty()) {
      LOG.warn(
          "the state '{}', of an earlier version of Tapline, is not used any more: {}; remove it",
          store.location(),
          committer.stateLocation().isEmpty()
              ? "the destination's own counts"
              : "what counts is in " + committer.stateLocation());
    }
    PipelineState state = pipelineState(store.state().pipeline(), committer.readState());
    state
        .streams()
        .forEach((name, stream) -> {
          if (!stream.position().isStart()) {
            restored.put(name, stream.position());
          }
        });
    numbers.resumeFrom(state.highWater());
    store.resumeFrom(state);
  }

  /// The positions up to which logs need not keep changes, once [#begin()] was called.
  public DurablePositions durablePositions() {
    return atDestination ? DurablePositions.ofDestination(restored) : DurablePositions.OF_THE_RUN;
  }

  /// Hands the destination the state as it is now.
  void write() throws IOException, InterruptedException {
    if (atDestination) {
      committer.writeState(state());
      written = true;
    }
  }

  /// Hands over the state of a run that had nothing to write, since a destination that is given
  /// none may give none back.
  public void end() throws IOException, InterruptedException {
    if (!written && !store.state().streams().isEmpty()) {
      write();
    }
  }

  private SinkState state() {
    Map<StreamName, SinkState.Entry> streams = new LinkedHashMap<>();
    for (StreamState stream : store.state().streams().values()) {
      streams.put(
          stream.name(),
          new SinkState.Entry(
              stream.method(), stream.destination(), stream.version(), stream.position()));
    }
    HighWaterMarks highest = store.state().highWater().max(numbers.reached());
    return new SinkState(streams, highest.version(), highest.time());
  }

  /// A state as its destination has given it back, as Tapline's own would be.
  static PipelineState pipelineState(String pipeline, SinkState state) {
    Instant now = Instant.now();
    Map<StreamName, StreamState> streams = new LinkedHashMap<>();
    state
        .streams()
        .forEach((name, place) ->
            streams.put(
                name,
                new StreamState(
                    name,
                    place.method(),
                    place.destination(),
                    place.version(),
                    place.position(),
                    now)));
    return new PipelineState(
        pipeline, 0, streams, Optional.empty(), new HighWaterMarks(state.version(), state.time()));
  }
}
