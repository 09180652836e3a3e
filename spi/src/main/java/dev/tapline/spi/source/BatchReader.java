package dev.tapline.spi.source;

import dev.tapline.spi.Position;
import dev.tapline.spi.batch.Batch;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// Brings the rows of one [Read], batch by batch. One thread at a time, apart from [#close()],
/// which may be called while [#poll] waits and makes it end soon.
public interface BatchReader extends Closeable {
  /// The next rows.
  ///
  /// The batch belongs to the reader: it is valid until the next call of this method.
  ///
  /// @param timeout how long to wait for rows at the most; a reader that has some returns them
  ///   without waiting for more
  /// @return nothing when no row came in time, or when [#finished()]
  /// @throws dev.tapline.spi.TransientException if the work may succeed when begun again from the
  ///   last position
  /// @throws StaleReadException if the read can never succeed and the stream must be planned anew
  /// @throws IOException if the stream cannot be read on
  Optional<Batch> poll(Duration timeout) throws IOException, InterruptedException;

  /// Whether all rows were returned. A reader that follows a log without an end never finishes.
  boolean finished();

  /// Where a new read would have to begin to go on after the last batch returned.
  ///
  /// A reader that cannot be resumed in the middle answers what it was opened with until it has
  /// finished; the engine then makes no checkpoint before its end.
  Position position();

  /// Tells that everything up to `durable` is safe in the sink and in the state, so that the source
  /// need not keep it: only now may a replication slot move. Called by the thread that polls.
  ///
  /// @param durable a position that [#position()] has returned
  default void committed(Position durable) throws IOException {}
}
