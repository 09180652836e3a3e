package dev.tapline.sink.jdbc.staging;

import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.dialect.api.FailureKind;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;

/// Has a database do something with a range of rows. Where it refuses it, each half is tried by
/// itself, and so on, until the rows are found that it does not take; all others are done.
public final class BisectingLoader {
  private final Connection connection;
  private final Dialect dialect;
  private final Attempt attempt;
  private final Refusal refusal;

  /// @param connection in a transaction; the database has savepoints
  public BisectingLoader(Connection connection, Dialect dialect, Attempt attempt, Refusal refusal) {
    this.connection = connection;
    this.dialect = dialect;
    this.attempt = attempt;
    this.refusal = refusal;
  }

  /// Does it with the rows from `first` to before `end`.
  @FunctionalInterface
  public interface Attempt {
    /// Does it. A [SQLException] that means a refused row has the range halved.
    void on(int first, int end) throws SQLException;
  }

  /// Is told of a row that the database does not take.
  @FunctionalInterface
  public interface Refusal {
    /// Takes note of it.
    void of(int row, String reason) throws IOException, SQLException;
  }

  /// Does it with the rows from `first` to before `end`.
  public void on(int first, int end) throws SQLException, IOException {
    if (first >= end) {
      return;
    }
    Savepoint savepoint = connection.setSavepoint();
    try {
      attempt.on(first, end);
      connection.releaseSavepoint(savepoint);
    } catch (SQLException e) {
      if (dialect.failure(e) != FailureKind.REJECTED_ROW) {
        throw e;
      }
      connection.rollback(savepoint);
      if (end - first == 1) {
        refusal.of(first, reason(e));
      } else {
        int middle = (first + end) >>> 1;
        on(first, middle);
        on(middle, end);
      }
    }
  }

  // The driver's own words, without the statement.
  private static String reason(SQLException error) {
    return String.valueOf(
        error.getCause() instanceof SQLException cause ? cause.getMessage() : error.getMessage());
  }
}
