package dev.tapline.sink.jdbc.preflight;

import dev.tapline.sink.jdbc.connection.Database;
import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.dialect.api.FailureKind;
import dev.tapline.sink.jdbc.dialect.api.SqlStates;
import dev.tapline.sink.jdbc.dialect.api.Statements;
import dev.tapline.sink.jdbc.dialect.api.TableColumn;
import dev.tapline.sink.jdbc.staging.StagingColumns;
import dev.tapline.sink.jdbc.table.InternalTableNames;
import dev.tapline.sink.jdbc.table.TablePlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/// Creates tables as a run would, and drops them again: only the database knows all of its limits.
final class TableTrial {
  private static final int MANY = 100;
  private static final int LONG_KEY = 3;

  private final Database database;
  private final InternalTableNames names;

  TableTrial(Database database, InternalTableNames names) {
    this.database = database;
    this.names = names;
  }

  /// Returns true if a table has something that databases may reject.
  static boolean isUseful(TablePlan plan) {
    return plan.columns().size() > MANY
        || plan.key().size() > LONG_KEY
        || plan.columns().stream()
            .anyMatch(column ->
                column.name().length() != column.name().getBytes(StandardCharsets.UTF_8).length);
  }

  /// The database's message if it does not create a table.
  ///
  /// @param staged whether rows of the table go through a staging table
  Optional<String> problem(TablePlan plan, boolean staged) throws IOException {
    Dialect dialect = database.dialect();
    Optional<String> problem =
        attempt(plan.tableColumns(), dialect.traits().primaryKeys() ? plan.key() : List.of());
    return problem.isPresent() || !staged
        ? problem
        : attempt(StagingColumns.widest(plan, dialect), List.of());
  }

  private Optional<String> attempt(List<TableColumn> columns, List<String> key) throws IOException {
    String table = names.staging();
    boolean rolledBack = database.dialect().traits().transactionalDdl();
    return database.transaction(
        "trying whether a table can be made",
        connection -> {
          if (!database.hasSchema(connection)) {
            if (!rolledBack) {
              return Optional.empty(); // a schema would stay behind
            }
            database.createSchema(connection);
          }
          Optional<String> problem = create(connection, table, columns, key);
          if (rolledBack) {
            connection.rollback();
          } else if (problem.isEmpty()) {
            Statements.execute(connection, List.of("DROP TABLE " + database.table(table)));
          }
          return problem;
        });
  }

  private Optional<String> create(
      Connection connection, String table, List<TableColumn> columns, List<String> key)
      throws SQLException {
    Dialect dialect = database.dialect();
    try (Statement statement = connection.createStatement()) {
      statement.execute(dialect.createTable(database.table(table), columns, key));
      return Optional.empty();
    } catch (SQLException e) {
      if (dialect.failure(e) == FailureKind.TRANSIENT || SqlStates.isDenied(e)) {
        throw e; // of the connection or the user, not of the table
      }
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
