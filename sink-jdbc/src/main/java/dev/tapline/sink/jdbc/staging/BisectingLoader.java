package dev.tapline.sink.jdbc.staging;

import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.dialect.api.FailureKind;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;

/// Loads or merges a range of rows. If the database rejects it, the range is bisected until the
/// rejected rows are found; all others are loaded.
public final class BisectingLoader {
  private final Connection connection;
  private final Dialect dialect;
  private final RangeLoad range;
  private final Rejection rejection;

  /// @param connection in a transaction; the database has savepoints
  public BisectingLoader(
      Connection connection, Dialect dialect, RangeLoad range, Rejection rejection) {
    this.connection = connection;
    this.dialect = dialect;
    this.range = range;
    this.rejection = rejection;
  }

  /// Loads a range of rows.
  @FunctionalInterface
  public interface RangeLoad {
    /// Loads the rows from `first` to before `end`.
    ///
    /// @throws SQLException if it is of the kind [FailureKind#REJECTED_ROW], the range is bisected
    void load(int first, int end) throws SQLException;
  }

  /// Collects rejected rows.
  @FunctionalInterface
  public interface Rejection {
    /// Handles a rejected row.
    void reject(int row, String reason) throws IOException, SQLException;
  }

  /// Loads the rows from `first` to before `end`.
  public void load(int first, int end) throws SQLException, IOException {
    if (first >= end) {
      return;
    }
    Savepoint savepoint = connection.setSavepoint();
    try {
      range.load(first, end);
      connection.releaseSavepoint(savepoint);
    } catch (SQLException e) {
      if (dialect.failure(e) != FailureKind.REJECTED_ROW) {
        throw e;
      }
      connection.rollback(savepoint);
      if (end - first == 1) {
        rejection.reject(first, reason(e));
      } else {
        int middle = (first + end) >>> 1;
        load(first, middle);
        load(middle, end);
      }
    }
  }

  // The driver's message, without the statement.
  private static String reason(SQLException error) {
    return String.valueOf(
        error.getCause() instanceof SQLException cause ? cause.getMessage() : error.getMessage());
  }
}
