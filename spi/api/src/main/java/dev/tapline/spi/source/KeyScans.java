package dev.tapline.spi.source;

import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.Relation;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import java.io.IOException;
import java.util.Collection;
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

  /// Which columns are to be offered as replication keys: those of which new rows usually have
  /// higher values than old ones, as far as types and the catalog tell. Others may be taken too, by
  /// who knows better.
  ///
  /// @return names of columns by relation; a relation without any may be missing
  Map<StreamName, List<String>> keyCandidates(Collection<Relation> relations)
      throws IOException, InterruptedException;

  /// What reading by these keys does not see, in the databases as they are: to be told in each run,
  /// in sentences.
  ///
  /// @param streams streams that can be read by their keys
  List<String> blindSpots(List<Stream> streams) throws IOException, InterruptedException;

  /// Where a stream is left when its table was scanned in whole under a snapshot.
  ///
  /// @param snapshot an open snapshot that was opened for this stream too
  Position keyUnder(Snapshot snapshot, Stream stream) throws IOException, InterruptedException;

  /// Plans how streams go on. A stream cannot when its replication key is another one or of another
  /// type or order than that of its position, when the table is another one of the same name, or
  /// when rows may have been written below the position that it was left at. A stream of which
  /// nothing can be read yet has no read.
  ///
  /// @param streams each with the position where it was left
  /// @throws IOException if a stream cannot be read, with the reason
  ResumePlan after(List<StreamPosition> streams) throws IOException, InterruptedException;
}
