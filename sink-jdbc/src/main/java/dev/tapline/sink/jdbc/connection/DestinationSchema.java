package dev.tapline.sink.jdbc.connection;

import dev.tapline.sink.jdbc.dialect.api.Statements;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// The schema of all tables of a pipeline.
final class DestinationSchema {
  private DestinationSchema() {}

  /// Creates it if it does not exist.
  static void create(Database database, Connection connection) throws SQLException {
    Optional<String> statement = database.dialect().createSchema(database.schema());
    if (statement.isPresent() && !exists(database, connection)) {
      Statements.execute(connection, List.of(statement.get()));
    }
  }

  static boolean exists(Database database, Connection connection) throws SQLException {
    DatabaseMetaData metadata = connection.getMetaData();
    boolean schemas = metadata.supportsSchemasInTableDefinitions();
    try (ResultSet rows = schemas ? metadata.getSchemas() : metadata.getCatalogs()) {
      while (rows.next()) {
        if (rows.getString(1).equals(database.schema())) {
          return true;
        }
      }
    }
    return false;
  }
}
