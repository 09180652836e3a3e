package dev.tapline.spi.source;

import dev.tapline.spi.Position;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.catalog.StreamName;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Brings the rows of one [Split], batch by batch. One thread at a time, apart from [#close()],
/// which may be called while [#poll] waits and makes it end soon, and [#lag()].
public interface BatchReader extends Closeable {
  /// The next rows.
  ///
  /// The batch belongs to the reader: it is valid until the next call of this method.
  ///
  /// @param timeout how long to wait for rows at the most; a reader that has some returns them
  ///   without waiting for more
  /// @return nothing when no row came in time, or when [#finished()]
  /// @throws dev.tapline.spi.TransientException if the work may succeed when begun again from the
  ///   last positions
  /// @throws StaleSplitException if the split can never succeed and the stream must be planned anew
  /// @throws StreamException if one stream cannot be read on; the split goes on without it
  /// @throws IOException if nothing can be read on
  Optional<Batch> poll(Duration timeout) throws IOException, InterruptedException;

  /// Whether all rows were returned. A reader that follows a log without an end never finishes.
  boolean finished();

  /// Where a new read would have to begin, stream by stream, to bring exactly the rows that follow
  /// the last batch returned.
  ///
  /// It is empty where no read could begin: a reader of a log is in the middle of a transaction, or
  /// a range can only be read in whole. The engine makes a checkpoint only where it is not, and a
  /// reader comes to such a place as often as its input allows. The positions may move without a
  /// row, when a log holds nothing of the streams.
  ///
  /// @return one position for each stream of the split that has not failed, or an empty map
  Map<StreamName, Position> positions();

  /// Tells that everything up to these positions is safe in the sink and in the state, so that the
  /// source need not keep it: only now may a replication slot move, and only so far that every one
  /// of the streams could still go on. Called by the thread that polls.
  ///
  /// @param durable the position of each stream of the split, those that failed included
  default void acknowledge(Map<StreamName, Position> durable) throws IOException {}

  /// How far this reader is behind the end of its log; nothing when it does not read a log or does
  /// not know. Called by any thread.
  default Optional<Lag> lag() {
    return Optional.empty();
  }
}
