package dev.tapline.sink.jdbc.dialect.api;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// Runs statements.
public final class Statements {
  private static final int SHOWN = 1_000;

  private Statements() {}

  /// Makes something of a row.
  ///
  /// @param <T> what it becomes
  @FunctionalInterface
  public interface RowMapper<T> {
    /// Reads the columns of the current row.
    T map(ResultSet row) throws SQLException;
  }

  /// Runs statements one after the other. An error says which one failed.
  public static void execute(Connection connection, List<String> statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        try {
          statement.execute(sql);
        } catch (SQLException e) {
          throw new SQLException(
              e.getMessage() + " [" + shortened(sql) + "]", e.getSQLState(), e.getErrorCode(), e);
        }
      }
    }
  }

  private static String shortened(String sql) {
    return sql.length() > SHOWN ? sql.substring(0, SHOWN) + " ..." : sql;
  }

  /// Runs a statement that changes rows.
  ///
  /// @param parameters values for its question marks: texts or longs
  public static void update(Connection connection, String sql, Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      set(statement, parameters);
      statement.executeUpdate();
    }
  }

  /// Runs a query.
  ///
  /// @param parameters values for its question marks: texts or longs
  public static <T> List<T> query(
      Connection connection, String sql, RowMapper<T> mapper, Object... parameters)
      throws SQLException {
    List<T> results = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      set(statement, parameters);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          results.add(mapper.map(rows));
        }
      }
    }
    return results;
  }

  private static void set(PreparedStatement statement, Object... parameters) throws SQLException {
    for (int i = 0; i < parameters.length; i++) {
      if (parameters[i] instanceof Long number) {
        statement.setLong(i + 1, number);
      } else {
        statement.setString(i + 1, (String) parameters[i]);
      }
    }
  }

  /// The first column of a query's rows.
  public static List<String> texts(Connection connection, String query, String... parameters)
      throws SQLException {
    return query(connection, query, row -> row.getString(1), (Object[]) parameters);
  }

  /// Returns true if a query has a row.
  public static boolean any(Connection connection, String query, String... parameters)
      throws SQLException {
    return !texts(connection, query, parameters).isEmpty();
  }
}
