package dev.tapline.engine.state;

import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.Checkpoint;
import java.io.Closeable;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.Set;

/// The state of one pipeline, held by one run for as long as this is open: nobody else writes it
/// meanwhile. [FileStateStore] keeps it in a file; an embedder may keep it elsewhere. One thread at
/// a time.
public interface StateStore extends Closeable {
  /// The state as it was last written; [PipelineState#initial] for a pipeline that never ran.
  PipelineState state();

  /// Writes the state that comes after [#state()]. When it returns, the new state is durable; when
  /// it throws, the state is either the one before or the new one, never a part of both.
  ///
  /// @throws IOException with a sentence that says where it could not be written, and why
  void write(PipelineState next) throws IOException;

  /// Where the state is, for messages, such as the path of a file.
  String location();

  /// Writes down a checkpoint before the sink commits it.
  ///
  /// @param changed the streams for which it makes something new true
  /// @param reached the highest numbers in what it brings
  default void beginCheckpoint(
      Checkpoint checkpoint, Map<StreamName, StreamState> changed, HighWaterMarks reached)
      throws IOException {
    write(state().withPending(checkpoint, changed, reached));
  }

  /// Writes down that the sink has committed the pending checkpoint.
  default void completeCheckpoint() throws IOException {
    write(state().withoutPending());
  }

  /// Writes down numbers that were given.
  default void reach(HighWaterMarks reached) throws IOException {
    write(state().reaching(reached));
  }

  /// Takes over the count of checkpoints that the destination remembers.
  default void adopt(long checkpoint) throws IOException {
    write(state().counting(checkpoint));
  }

  /// Forgets streams and their pending commits: if they are selected again, they begin anew.
  default void forget(Set<StreamName> streams) throws IOException {
    if (!Collections.disjoint(state().streams().keySet(), streams)) {
      write(state().without(streams));
    }
  }
}
