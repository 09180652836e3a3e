package dev.tapline.engine.state;

import java.io.IOException;

/// Reads the state of one pipeline without holding it, for commands that only look.
public interface StateReader {
  /// The state; the one of a pipeline that never ran if there is none.
  ///
  /// @throws StateException if it is not this pipeline's whole state
  PipelineState read() throws IOException;

  /// Where the state is, for messages: the path of its file.
  String location();
}
