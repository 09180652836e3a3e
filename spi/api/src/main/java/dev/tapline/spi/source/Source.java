package dev.tapline.spi.source;

import dev.tapline.spi.catalog.Catalog;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/// Where data comes from. What a source can do beyond listing its relations it says by implementing
/// capabilities: [TableScans], [KeyScans] and [ChangeLog], which replication methods ask for, and
/// [ReplicationSlots], for whoever looks after the server.
///
/// The methods may be called from any thread, and [#open(Split)] from several at once.
public interface Source extends Closeable {
  /// Lists what the user may read. The number of round trips must not grow with the number of
  /// tables.
  ///
  /// @throws IOException if the source cannot be reached or refuses the user; the message says
  ///   which, where, and what to do
  Catalog discover() throws IOException, InterruptedException;

  /// Looks at everything that a run needs of the source, and at everything the selected streams
  /// need. It never throws for what it finds wrong, and changes nothing.
  ///
  /// @param streams what the pipeline selects; empty when nothing could be discovered
  List<Finding> check(List<Stream> streams) throws InterruptedException;

  /// Begins a unit of work that this source has planned, in this process or another one.
  ///
  /// @throws dev.tapline.spi.TransientException if it is worth trying again
  /// @throws StaleSplitException if the split can never succeed and the stream must be planned anew
  /// @throws IOException if the stream cannot be read
  BatchReader open(Split split) throws IOException, InterruptedException;

  /// Ends all connections, open readers' included.
  @Override
  void close() throws IOException;
}
