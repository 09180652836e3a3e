package dev.tapline.soak;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The source's database, as an application uses it. What there is, is asked of the catalogue: the
/// server may have gone back.
final class Source {
  private final SoakServer server;
  private @Nullable Connection connection;

  Source(SoakServer server) {
    this.server = server;
  }

  /// Runs statements in one transaction.
  void execute(String... statements) throws SQLException {
    Connection own = connection();
    own.setAutoCommit(false);
    try (Statement statement = own.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
      own.commit();
    } catch (SQLException e) {
      rollBack(own);
      throw new SQLException(
          e.getMessage() + " [" + String.join("; ", statements) + "]", e.getSQLState());
    }
  }

  /// The first column of a query.
  List<String> list(String query) throws SQLException {
    List<String> values = new ArrayList<>();
    for (Map<String, @Nullable String> row : rows(query)) {
      values.add(String.valueOf(row.values().iterator().next()));
    }
    return values;
  }

  String value(String query) throws SQLException {
    return list(query).getFirst();
  }

  /// Rows of a query as texts, by column.
  List<Map<String, @Nullable String>> rows(String query) throws SQLException {
    Connection own = connection();
    own.setAutoCommit(false);
    try (Statement statement = own.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      List<Map<String, @Nullable String>> rows = new ArrayList<>();
      while (result.next()) {
        Map<String, @Nullable String> row = new TreeMap<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.put(result.getMetaData().getColumnLabel(i), result.getString(i));
        }
        rows.add(row);
      }
      return rows;
    } finally {
      rollBack(own);
    }
  }

  /// Forgets the connection, which the server has forgotten too.
  void disconnect() {
    Connection own = connection;
    connection = null;
    if (own != null) {
      try {
        own.close();
      } catch (SQLException e) {
        // It was gone already.
      }
    }
  }

  private Connection connection() throws SQLException {
    Connection own = connection;
    if (own == null || !own.isValid(5)) {
      own = server.connect();
      connection = own;
    }
    return own;
  }

  private static void rollBack(Connection own) throws SQLException {
    if (own.isValid(5)) {
      own.rollback();
    }
  }
}
