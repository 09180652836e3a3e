package dev.tapline.sink.jdbc.dialect.api;

import dev.tapline.spi.batch.Column;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.List;

/// Loads rows into one table in the fastest way that the driver offers, within the transaction of
/// its connection. For use by one thread.
public interface RowLoader extends AutoCloseable {
  /// Loads rows. The columns must not be used after the call.
  ///
  /// @param columns the values, a column for each of the table's that was named
  /// @param rows how many rows there are
  /// @param skip rows to leave out
  void load(List<Column> columns, int rows, BitSet skip) throws SQLException;

  /// Completes the load: all rows are in the table.
  void finish() throws SQLException;

  /// Releases resources. Without [#finish()] the transaction must be rolled back.
  @Override
  void close() throws SQLException;
}
