package dev.tapline.engine.state;

import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.Checkpoint;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// What a pipeline remembers between runs.
///
/// @param pipeline the pipeline's name
/// @param checkpoint the number of the last checkpoint that is known to be in the destination
/// @param streams what is remembered of each stream, ordered by name
/// @param pending the checkpoint that was handed to the sink and may be in the destination in
///   whole, in part or not at all; `streams` says already what it makes true
/// @param highWater the highest numbers that were given
public record PipelineState(
    String pipeline,
    long checkpoint,
    Map<StreamName, StreamState> streams,
    Optional<Checkpoint> pending,
    HighWaterMarks highWater) {

  /// Copies the streams, whose numbers were given.
  public PipelineState {
    highWater = highWater.max(HighWaterMarks.of(streams.values()));
    streams = java.util.Collections.unmodifiableMap(new TreeMap<>(streams));
  }

  /// The state of a pipeline that has never run.
  public static PipelineState initial(String pipeline) {
    return new PipelineState(pipeline, 0, Map.of(), Optional.empty(), HighWaterMarks.NONE);
  }

  /// The state while `checkpoint` is on its way to the destination.
  PipelineState withPending(
      Checkpoint next, Map<StreamName, StreamState> changed, HighWaterMarks reached) {
    Map<StreamName, StreamState> all = new LinkedHashMap<>(streams);
    all.putAll(changed);
    return new PipelineState(pipeline, checkpoint, all, Optional.of(next), highWater.max(reached));
  }

  /// The state once the pending checkpoint is in the destination.
  PipelineState withoutPending() {
    return new PipelineState(
        pipeline,
        pending.map(Checkpoint::number).orElse(checkpoint),
        streams,
        Optional.empty(),
        highWater);
  }

  /// The state without some streams, and without what of them is on its way.
  PipelineState without(Set<StreamName> gone) {
    Map<StreamName, StreamState> rest = new LinkedHashMap<>(streams);
    rest.keySet().removeAll(gone);
    return new PipelineState(
        pipeline, checkpoint, rest, pending.map(each -> each.without(gone)), highWater);
  }

  /// The state with another count of checkpoints.
  PipelineState counting(long number) {
    return new PipelineState(pipeline, number, streams, pending, highWater);
  }

  /// The state with numbers that were given.
  PipelineState reaching(HighWaterMarks reached) {
    return new PipelineState(pipeline, checkpoint, streams, pending, highWater.max(reached));
  }
}
