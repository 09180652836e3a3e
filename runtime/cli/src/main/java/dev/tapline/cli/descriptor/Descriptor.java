package dev.tapline.cli.descriptor;

import dev.tapline.engine.Pipeline;
import dev.tapline.engine.state.FileStateStore;
import dev.tapline.engine.state.StateReader;
import java.io.IOException;
import java.nio.file.Path;

/// A descriptor that has been read and found right: the pipeline, and what the command line keeps
/// beside it.
///
/// @param pipeline what to run
/// @param stateFolder where the state, the reports and the extraction logs are kept, absolute
/// @param keepRuns of how many runs to keep the log and the report
public record Descriptor(Pipeline pipeline, Path stateFolder, long keepRuns) {
  /// The same for another pipeline of the same name.
  public Descriptor with(Pipeline other) {
    return new Descriptor(other, stateFolder, keepRuns);
  }

  /// Where the state, the reports and the extraction logs are.
  public StateLocation stateLocation() {
    return new StateLocation(pipeline.name(), stateFolder);
  }

  /// Holds the pipeline's state against other runs, until it is closed.
  ///
  /// @throws dev.tapline.engine.state.StateException if another run holds it, or the file is not
  ///   this pipeline's whole state
  public FileStateStore openState() throws IOException {
    return FileStateStore.open(stateFolder, pipeline.name());
  }

  /// Reads the pipeline's state without holding it.
  public StateReader stateReader() {
    return FileStateStore.reader(stateFolder, pipeline.name());
  }
}
