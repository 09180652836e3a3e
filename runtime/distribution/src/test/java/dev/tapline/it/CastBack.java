package dev.tapline.it;

import dev.tapline.source.postgres.testing.TestServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/// Has the source's server say what it has, and what it makes of a text that was found in a copy.
final class CastBack implements AutoCloseable {
  private final Connection connection;
  private final Statement statement;

  CastBack(TestServer server) throws SQLException {
    connection =
        DriverManager.getConnection(
            "jdbc:postgresql://127.0.0.1:%d/postgres?user=postgres&preferQueryMode=simple"
                .formatted(server.port()));
    statement = connection.createStatement();
    statement.execute("SET TimeZone = 'UTC'; SET extra_float_digits = 3");
  }

  /// The value of a sample's row, as text.
  @Nullable String original(int sample, int id) throws SQLException {
    return value("SELECT v FROM sample_%d WHERE id = %d".formatted(sample, id));
  }

  /// What a text is as a value of a type, as text.
  @Nullable String of(String literal, String type) throws SQLException {
    return value(
        "SELECT E'%s'::%s".formatted(literal.replace("\\", "\\\\").replace("'", "''"), type));
  }

  private @Nullable String value(String query) throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException e) {
      throw new SQLException(query + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
