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

/// Has the database make tables as a run would make them, and takes them back: it alone knows all
/// that it does not take in one.
final class TableTrial {
  private static final int MANY = 100;
  private static final int LONG_KEY = 3;

  private final Database database;
  private final InternalTableNames names;

  TableTrial(Database database, InternalTableNames names) {
    this.database = database;
    this.names = names;
  }

  /// Whether there is something in a table that databases may not take.
  static boolean isWorthIt(TablePlan plan) {
    return plan.columns().size() > MANY
        || plan.key().size() > LONG_KEY
        || plan.columns().stream()
            .anyMatch(column ->
                column.name().length() != column.name().getBytes(StandardCharsets.UTF_8).length);
  }

  /// Why the database does not make a table, in its own words, or nothing when it does.
  ///
  /// @param staged whether rows of it are staged
  Optional<String> refusal(TablePlan plan, boolean staged) throws IOException {
    Dialect dialect = database.dialect();
    Optional<String> refusal =
        attempt(plan.tableColumns(), dialect.traits().primaryKeys() ? plan.key() : List.of());
    return refusal.isPresent() || !staged
        ? refusal
        : attempt(StagingColumns.widest(plan, dialect), List.of());
  }

  private Optional<String> attempt(List<TableColumn> columns, List<String> key) throws IOException {
    String table = names.staged();
    boolean takenBack = database.dialect().traits().transactionalDdl();
    return database.transaction(
        "trying whether a table can be made",
        connection -> {
          if (!database.hasSchema(connection)) {
            if (!takenBack) {
              return Optional.empty(); // a schema would stay behind
            }
            database.createSchema(connection);
          }
          Optional<String> refusal = make(connection, table, columns, key);
          if (takenBack) {
            connection.rollback();
          } else if (refusal.isEmpty()) {
            Statements.execute(connection, List.of("DROP TABLE " + database.table(table)));
          }
          return refusal;
        });
  }

  private Optional<String> make(
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
