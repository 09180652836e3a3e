package dev.tapline.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads what the sink wrote with DuckDB.
final class ParquetOutput implements AutoCloseable {
  private final Connection connection = DriverManager.getConnection("jdbc:duckdb:");

  ParquetOutput() throws SQLException {}

  /// What DuckDB selects the rows of a destination from; its files are listed by the test, which
  /// sees a folder at one instant.
  static String table(Path out, String destination) throws IOException {
    try (Stream<Path> files = Files.list(out.resolve(destination))) {
      List<Path> found =
          files.filter(file -> file.toString().endsWith(".parquet")).sorted().toList();
      return found.stream()
          .map(file -> "'" + file.toString().replace("'", "''") + "'")
          .collect(Collectors.joining(", ", "read_parquet([", "], union_by_name=true)"));
    }
  }

  long number(String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      result.next();
      return result.getLong(1);
    }
  }

  Statement statement() throws SQLException {
    return connection.createStatement();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
