package dev.tapline.engine.checkpoint;

import dev.tapline.engine.Pipeline;
import dev.tapline.engine.PluginFactory;
import dev.tapline.engine.PluginRegistry;
import dev.tapline.engine.state.PipelineState;
import dev.tapline.engine.state.StateReader;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkCommitter;
import java.io.IOException;

/// The state that a pipeline's next run would begin with, for whoever only looks.
///
/// @param state the state
/// @param where the file that it is in, or what the destination says of it
/// @param atDestination whether the destination keeps it, so that it is not Tapline's to change
public record CurrentState(PipelineState state, String where, boolean atDestination) {
  /// Reads the state from where it is kept.
  ///
  /// @param reader of the pipeline's own state, which is not read if the destination keeps it
  /// @throws IOException if it cannot be read
  public static CurrentState of(Pipeline pipeline, PluginRegistry plugins, StateReader reader)
      throws IOException, InterruptedException {
    try (Sink sink = PluginFactory.sink(pipeline, plugins)) {
      return of(pipeline, sink, reader);
    }
  }

  /// Whether a pipeline's destination keeps the state.
  public static boolean isKeptAtDestination(Pipeline pipeline, PluginRegistry plugins)
      throws IOException {
    try (Sink sink = PluginFactory.sink(pipeline, plugins)) {
      return DestinationState.isOf(sink);
    }
  }

  public static CurrentState of(Pipeline pipeline, Sink sink, StateReader reader)
      throws IOException, InterruptedException {
    if (!DestinationState.isOf(sink)) {
      return new CurrentState(reader.read(), reader.location(), false);
    }
    try (SinkCommitter committer = sink.openCommitter()) {
      return new CurrentState(
          DestinationState.pipelineState(pipeline.name(), committer.readState()),
          committer.stateLocation(),
          true);
    }
  }

  /// Why a command cannot change the state, and what its user can do.
  public String refusal() {
    return where.isEmpty()
        ? "the state of this pipeline is what its target has written, and nothing says where that is (sink.target-state): each run begins every stream anew"
        : "the state of this pipeline is what its target has written, in "
            + where
            + ": append the last line there once more without a stream's bookmark, and that stream begins anew; remove the file, and all do";
  }
}
