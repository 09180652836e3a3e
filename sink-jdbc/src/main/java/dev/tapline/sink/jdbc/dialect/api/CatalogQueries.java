package dev.tapline.sink.jdbc.dialect.api;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Questions to a database's catalog.
public final class CatalogQueries {
  private CatalogQueries() {}

  /// The first column of a query's rows.
  ///
  /// @param parameters texts in the place of its question marks
  public static List<String> texts(Connection connection, String query, String... parameters)
      throws SQLException {
    List<String> texts = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setString(i + 1, parameters[i]);
      }
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          texts.add(rows.getString(1));
        }
      }
    }
    return texts;
  }

  /// Whether a query has a row.
  public static boolean any(Connection connection, String query, String... parameters)
      throws SQLException {
    return !texts(connection, query, parameters).isEmpty();
  }
}
