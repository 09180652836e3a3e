package dev.tapline.runtime.engine;

import dev.tapline.runtime.state.PipelineState;
import dev.tapline.runtime.state.StateStore;
import dev.tapline.runtime.state.StreamState;
import dev.tapline.spi.sink.Capability;
import dev.tapline.spi.sink.Checkpoint;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkCommitter;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings state and destination together at the start of a run: ends a checkpoint that an earlier
/// run has begun, and compares the counts that the two remember.
final class Recovery {
  private static final Logger LOG = LoggerFactory.getLogger("recovery");

  private final StateStore store;
  private final Sink sink;
  private final SinkCommitter committer;

  Recovery(StateStore store, Sink sink, SinkCommitter committer) {
    this.store = store;
    this.sink = sink;
    this.committer = committer;
  }

  /// Commits what the last run left pending, if it did.
  ///
  /// @return the sentence that says how state and destination disagree, or nothing
  Optional<String> recover() throws IOException, InterruptedException {
    if (!sink.capabilities().contains(Capability.EXACTLY_ONCE)) {
      if (store.state().pending().isPresent()) {
        store.handed();
      }
      return Optional.empty();
    }
    OptionalLong mark = committer.lastCheckpoint();
    PipelineState state = store.state();
    if (state.pending().isPresent()) {
      Checkpoint pending = state.pending().get();
      if (mark.orElse(0) != state.checkpoint() && mark.orElse(0) != pending.number()) {
        return Optional.of(disagreement(pending.number(), mark) + positions());
      }
      LOG.info("checkpoint {}: committing what the last run has prepared", pending.number());
      committer.commit(pending);
      store.handed();
      return Optional.empty();
    }
    return mark.orElse(0) == state.checkpoint()
        ? Optional.empty()
        : Optional.of(disagreement(state.checkpoint(), mark) + positions());
  }

  /// Goes on from what the destination remembers, for a run that reads everything anew.
  void adopt() throws IOException, InterruptedException {
    long mark = committer.lastCheckpoint().orElse(0);
    if (store.state().pending().isPresent()) {
      store.handed();
    }
    store.adopt(Math.max(mark, store.state().checkpoint()));
  }

  /// The first stream that stands at another place in the state than in the destination.
  private String positions() throws IOException, InterruptedException {
    SortedMap<String, String> there = committer.lastPositions();
    for (StreamState stream : store.state().streams().values()) {
      String position = there.get(stream.name().qualified());
      if (position != null && !position.equals(stream.position().toString())) {
        return " (stream %s is at %s in the state, and at %s in the destination)"
            .formatted(stream.name(), stream.position(), position);
      }
    }
    return "";
  }

  private String disagreement(long checkpoint, OptionalLong mark) {
    String destination =
        mark.isPresent()
            ? "the destination's marker is at checkpoint " + mark.getAsLong()
            : "the destination has no marker of this pipeline";
    String own =
        checkpoint == 0
            ? "the state '" + store.file() + "' knows of no checkpoint"
            : "the state '" + store.file() + "' is at checkpoint " + checkpoint;
    return own + ", but " + destination + ": one of the two was removed or put back";
  }
}
