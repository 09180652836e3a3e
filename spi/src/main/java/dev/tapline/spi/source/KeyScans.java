package dev.tapline.spi.source;

import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.method.Resumption;
import java.io.IOException;
import java.util.List;

/// The capability of a source to read only the rows whose [replication
/// key][Stream#replicationKey()] is at or beyond where a stream was left, in the key's order.
///
/// Rows that stand exactly there are read again, because others may have been committed with the
/// same key since; those that were brought before, and have not changed, are left out, as far as
/// the position can remember them. Rows whose key is NULL are never found this way.
public interface KeyScans {
  /// Whether a stream can be read by its replication key.
  ///
  /// @return why it cannot, with what to do; empty text when it can
  String problemOfKey(Stream stream);

  /// Where a stream is left when its table was scanned in whole under a snapshot.
  ///
  /// @param snapshot an open snapshot that was opened for this stream too
  Position keyUnder(Snapshot snapshot, Stream stream) throws IOException, InterruptedException;

  /// Plans how streams go on. A stream cannot when its replication key is another one or of another
  /// type than that of its position, or when the table is another one of the same name.
  ///
  /// @param streams each with the position where it was left
  /// @throws IOException if a stream cannot be read, with the reason
  GoingOn after(List<Resumption> streams) throws IOException, InterruptedException;
}
