package dev.tapline.spi.sink;

import java.io.Closeable;
import java.io.IOException;
import java.util.Collections;
import java.util.OptionalLong;
import java.util.SortedMap;

/// Makes visible what writers have prepared, and remembers in the destination itself how far it
/// came. One thread at a time; writers may be writing meanwhile.
public interface SinkCommitter extends Closeable {
  /// For sinks that need none: their writers' rows are visible as they come.
  SinkCommitter NONE =
      new SinkCommitter() {
        @Override
        public OptionalLong lastCheckpoint() {
          return OptionalLong.empty();
        }

        @Override
        public void commit(Checkpoint checkpoint) {}

        @Override
        public void sweep() {}

        @Override
        public void close() {}
      };

  /// The number of the last checkpoint of this pipeline that is in the destination, as the
  /// destination itself remembers it; nothing when it knows of none. The engine compares it with
  /// its state, and refuses to go on when the two disagree.
  OptionalLong lastCheckpoint() throws IOException, InterruptedException;

  /// Where streams stand in the destination, as that remembers it itself, if it does: for the
  /// message that says how state and destination disagree. Names and positions are as people read
  /// them. It need not know all streams; those of the last checkpoint tell most.
  default SortedMap<String, String> lastPositions() throws IOException, InterruptedException {
    return Collections.emptySortedMap();
  }

  /// The highest number of a version that this pipeline has in the destination, as the destination
  /// itself remembers it; 0 where it remembers none. New versions have higher ones.
  default long highestVersion() throws IOException, InterruptedException {
    return 0;
  }

  /// The state that the destination has given back, of a sink with [Capability#STATE]: what a run
  /// begins with. Asked for once in a run, before the first commit, and by commands that only look.
  ///
  /// @throws IOException if it cannot be read or is none; the message says where it is, and what to
  ///   do
  default SinkState readState() throws IOException, InterruptedException {
    return SinkState.NONE;
  }

  /// Where that state is, for messages, as in `the file 'state.json'`; empty when the destination
  /// has no way to give it back.
  default String stateLocation() {
    return "";
  }

  /// Hands the destination the state, of a sink with [Capability#STATE]: after each commit, with
  /// every stream of the pipeline, and never ahead of the rows that were written before.
  ///
  /// @throws dev.tapline.spi.TransientException if it is worth trying again
  default void writeState(SinkState state) throws IOException, InterruptedException {}

  /// Makes the checkpoint's rows visible, puts new versions in the place of old ones, and remembers
  /// the number. When it returns, all of that survives a crash of the machine.
  ///
  /// It is idempotent: after a crash the engine repeats the last checkpoint, which may have been
  /// committed in whole, in part, or not at all.
  ///
  /// @throws dev.tapline.spi.TransientException if it is worth trying again
  void commit(Checkpoint checkpoint) throws IOException, InterruptedException;

  /// Removes what writers of this pipeline have left behind and no commit will name: the files or
  /// tables of runs that were killed. Called while no writer is open and no checkpoint is pending.
  void sweep() throws IOException, InterruptedException;

  @Override
  void close() throws IOException;
}
