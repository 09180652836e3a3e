package dev.tapline.sink.parquet;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// An independent reader of Parquet files.
public final class DuckDb {
  private static final Connection CONNECTION = connect();

  private DuckDb() {}

  /// What reads these files, by the names of their columns.
  public static String table(List<Path> files) {
    return files.stream()
        .map(file -> "'" + file.toString().replace("'", "''") + "'")
        .collect(
            Collectors.joining(
                ", ", "read_parquet([", "], union_by_name=true, hive_partitioning=false)"));
  }

  /// The result, each value as text; NULL is null.
  public static List<List<String>> query(String sql) throws SQLException {
    try (Statement statement = CONNECTION.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<List<String>> rows = new ArrayList<>();
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          Object value = result.getObject(i);
          row.add(value == null ? null : value.toString());
        }
        rows.add(row);
      }
      return rows;
    }
  }

  static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static Connection connect() {
    try {
      return DriverManager.getConnection("jdbc:duckdb:");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
