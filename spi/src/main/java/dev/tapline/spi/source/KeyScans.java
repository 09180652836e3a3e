package dev.tapline.spi.source;

import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.method.Resumption;
import java.io.IOException;
import java.util.List;
import java.util.Map;

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

  /// Which streams cannot go on where they were left, and are to be copied anew: the replication
  /// key is another one or of another type, or the table is another one of the same name.
  ///
  /// @return why, as what is said of a stream
  Map<StreamName, String> outdated(List<Resumption> streams)
      throws IOException, InterruptedException;

  /// Where a stream is left when its table was scanned in whole under a snapshot.
  ///
  /// @param snapshot an open snapshot that was opened for this stream too
  Position keyUnder(Snapshot snapshot, Stream stream) throws IOException, InterruptedException;

  /// Plans the reads, of mode [dev.tapline.spi.sink.WriteMode#APPEND], that bring the rows from
  /// where each stream was left.
  ///
  /// @param streams each with a position of its present key
  /// @throws IOException if a stream cannot be read, with the reason
  List<Read> after(List<Resumption> streams) throws IOException, InterruptedException;
}
