package dev.tapline.runtime.engine;

import dev.tapline.runtime.descriptor.Pipeline;
import dev.tapline.runtime.plugin.Plugins;
import dev.tapline.runtime.state.PipelineState;
import dev.tapline.runtime.state.StateStore;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkCommitter;
import java.io.IOException;
import java.nio.file.Path;

/// The state that a pipeline's next run would begin with, for whoever only looks.
///
/// @param state the state
/// @param where the file that it is in, or what the destination says of it
/// @param atDestination whether the destination keeps it, so that it is not Tapline's to change
public record KnownState(PipelineState state, String where, boolean atDestination) {
  /// Looks.
  ///
  /// @throws IOException if it cannot be read
  public static KnownState of(Pipeline pipeline, Plugins plugins)
      throws IOException, InterruptedException {
    try (Sink sink = Parts.sink(pipeline, plugins)) {
      return of(pipeline, sink);
    }
  }

  /// Whether a pipeline's destination keeps the state.
  public static boolean isKeptAtDestination(Pipeline pipeline, Plugins plugins) throws IOException {
    try (Sink sink = Parts.sink(pipeline, plugins)) {
      return KeptState.isOf(sink);
    }
  }

  static KnownState of(Pipeline pipeline, Sink sink) throws IOException, InterruptedException {
    if (!KeptState.isOf(sink)) {
      Path file = StateStore.fileOf(pipeline.stateFolder(), pipeline.name());
      return new KnownState(StateStore.read(file, pipeline.name()), file.toString(), false);
    }
    try (SinkCommitter committer = sink.openCommitter()) {
      return new KnownState(
          KeptState.given(pipeline.name(), committer.kept()), committer.keptIn(), true);
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
