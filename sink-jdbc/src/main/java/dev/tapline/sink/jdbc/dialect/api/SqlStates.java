package dev.tapline.sink.jdbc.dialect.api;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;

/// Classifies errors by their SQLSTATE (ISO/IEC 9075-2, clause 24).
public final class SqlStates {
  private static final Set<String> TRANSIENT_CLASSES = Set.of("08", "40", "53", "57");
  private static final Set<String> REFUSED_CLASSES = Set.of("22", "23");
  private static final Set<String> ANSWERS = Set.of("22", "23", "25", "40", "42", "44", "54", "55");
  // ER_DBACCESS_DENIED_ERROR, ER_TABLEACCESS_DENIED_ERROR
  private static final Set<Integer> DENIED_BY_MYSQL = Set.of(1044, 1142);
  private static final String CANCELED = "57014";
  private static final String COMPLETION_UNKNOWN = "40003";
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private SqlStates() {}

  /// The kind of an error, of its causes, or of the errors chained to it.
  public static FailureKind classify(SQLException error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        for (SQLException each = sql; each != null; each = each.getNextException()) {
          FailureKind failure = single(each);
          if (failure != FailureKind.PERMANENT) {
            return failure;
          }
        }
      }
    }
    return FailureKind.PERMANENT;
  }

  /// Returns true if an error of a commit says that the database has not committed. Otherwise the
  /// connection may have been lost before or after.
  public static boolean isNotCommitted(SQLException error) {
    String state = String.valueOf(error.getSQLState());
    return !state.equals(COMPLETION_UNKNOWN)
        && (ANSWERS.contains(state.substring(0, Math.min(2, state.length())))
            || state.equals(CANCELED));
  }

  /// Returns true if the user lacks a privilege: by the SQLSTATE, or by the codes of MariaDB and
  /// MySQL.
  public static boolean isDenied(SQLException error) {
    String state = String.valueOf(error.getSQLState());
    return state.equals("42501")
        || state.startsWith("28")
        || state.startsWith("25")
        || (state.equals("42000") && DENIED_BY_MYSQL.contains(error.getErrorCode()));
  }

  private static FailureKind single(SQLException error) {
    String state = error.getSQLState() == null ? "" : error.getSQLState();
    String group = state.length() < 2 ? "" : state.substring(0, 2);
    if (error instanceof SQLTransientException
        || error instanceof SQLRecoverableException
        || state.equals(LOCK_NOT_AVAILABLE)
        || TRANSIENT_CLASSES.contains(group)) {
      return FailureKind.TRANSIENT;
    }
    return REFUSED_CLASSES.contains(group) ? FailureKind.REJECTED_ROW : FailureKind.PERMANENT;
  }
}
