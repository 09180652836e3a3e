package dev.tapline.spi.source;

import dev.tapline.spi.catalog.Stream;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/// The capability of a source to read whole tables, in ranges, as of one moment.
public interface TableScans {
  /// Fixes a moment: everything that is scanned under the snapshot is as it was then, across all
  /// tables of one database.
  ///
  /// @param streams what will be scanned
  /// @throws dev.tapline.spi.TransientException if it is worth trying again
  Snapshot openSnapshot(Collection<Stream> streams) throws IOException, InterruptedException;

  /// Splits a table into reads of mode [dev.tapline.spi.sink.WriteMode#REPLACE] that together bring
  /// each of its rows exactly once, and that may run at the same time.
  ///
  /// @param snapshot an open snapshot that was opened for this stream too
  /// @param parallelism how many splits can run at once; a source may return more, to even out the
  ///   work, or just one
  /// @return at least one split
  /// @throws IOException if the stream cannot be scanned, with the reason
  List<Split> split(Stream stream, Snapshot snapshot, int parallelism)
      throws IOException, InterruptedException;
}
