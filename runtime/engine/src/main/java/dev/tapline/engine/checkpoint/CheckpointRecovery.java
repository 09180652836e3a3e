package dev.tapline.engine.checkpoint;

import dev.tapline.engine.failure.Failures;
import dev.tapline.engine.select.StreamLabels;
import dev.tapline.engine.state.PipelineState;
import dev.tapline.engine.state.StateStore;
import dev.tapline.engine.state.StreamState;
import dev.tapline.spi.TransientException;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.Capability;
import dev.tapline.spi.sink.Checkpoint;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkCommitter;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings state and destination together at the start of a run: ends a checkpoint that an earlier
/// run has begun, and compares the counts that the two remember.
public final class CheckpointRecovery {
  private static final Logger LOG = LoggerFactory.getLogger("recovery");

  private static final int MOST_NAMES = 5;

  private final StateStore store;
  private final Sink sink;
  private final SinkCommitter committer;

  public CheckpointRecovery(StateStore store, Sink sink, SinkCommitter committer) {
    this.store = store;
    this.sink = sink;
    this.committer = committer;
  }

  /// Commits what the last run left pending, if it did.
  ///
  /// @return the sentence that says how state and destination disagree, or nothing
  public Optional<String> recover() throws IOException, InterruptedException {
    if (!sink.capabilities().contains(Capability.EXACTLY_ONCE)) {
      if (store.state().pending().isPresent()) {
        store.completeCheckpoint();
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
      try {
        committer.commit(pending);
      } catch (TransientException e) {
        throw e;
      } catch (IOException e) {
        throw new IOException(Failures.message(e) + wayOut(pending), e);
      }
      store.completeCheckpoint();
      return Optional.empty();
    }
    return mark.orElse(0) == state.checkpoint()
        ? Optional.empty()
        : Optional.of(disagreement(state.checkpoint(), mark) + positions());
  }

  /// Goes on from what the destination remembers, for a run that reads everything anew.
  public void adopt() throws IOException, InterruptedException {
    long mark = committer.lastCheckpoint().orElse(0);
    if (store.state().pending().isPresent()) {
      store.completeCheckpoint();
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

  private String wayOut(Checkpoint pending) {
    StreamLabels labels = StreamLabels.of(store.state().streams().keySet());
    List<StreamName> streams = pending.commits().keySet().stream().sorted().toList();
    String names =
        streams.stream().limit(MOST_NAMES).map(labels::of).collect(Collectors.joining(", "));
    return "; it belongs to checkpoint %d of an earlier run, which brings %s%s: if the reason is one of these and cannot be mended, 'runtime reset --stream' gives up what was prepared of it and has it copied anew"
        .formatted(pending.number(), names, streams.size() > MOST_NAMES ? " and others" : "");
  }

  private String disagreement(long checkpoint, OptionalLong mark) {
    String destination =
        mark.isPresent()
            ? "the destination's marker is at checkpoint " + mark.getAsLong()
            : "the destination has no marker of this pipeline";
    String own =
        checkpoint == 0
            ? "the state '" + store.location() + "' knows of no checkpoint"
            : "the state '" + store.location() + "' is at checkpoint " + checkpoint;
    return own + ", but " + destination + ": one of the two was removed or put back";
  }
}
