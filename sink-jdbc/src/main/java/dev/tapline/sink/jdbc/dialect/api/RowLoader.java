package dev.tapline.sink.jdbc.dialect.api;

import dev.tapline.spi.batch.Column;
import java.sql.SQLException;
import java.util.List;

/// Brings rows into one table by the fastest way that the driver has, within the transaction of its
/// connection. One thread.
public interface RowLoader extends AutoCloseable {
  /// Takes rows. The columns are only lent.
  ///
  /// @param columns the values, a column for each of the table's that was named
  /// @param rows how many rows there are
  /// @param skip which of them are left out
  void load(List<Column> columns, int rows, java.util.BitSet skip) throws SQLException;

  /// Ends it: every row is in the table.
  void finish() throws SQLException;

  /// Lets go of what is held. Without [#finish()] the rows are given up with the transaction.
  @Override
  void close() throws SQLException;
}
