package dev.tapline.sink.jdbc.commit;

import dev.tapline.sink.jdbc.connection.Database;
import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.dialect.api.FailureKind;
import dev.tapline.sink.jdbc.dialect.api.Statements;
import dev.tapline.sink.jdbc.staging.BisectingLoader;
import dev.tapline.sink.jdbc.staging.RejectedRows;
import dev.tapline.sink.jdbc.staging.StagedRows;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Merges staged rows into a table, except those that the table rejects, which are set aside.
final class SalvagingMerge {
  private static final Logger LOG = LoggerFactory.getLogger("jdbc");

  private final Database database;
  private final Dialect dialect;
  private final Connection connection;
  private final StagedRows staged;
  private final MergeStatements statements;
  private final RejectedRows rejected;

  SalvagingMerge(
      Database database,
      Connection connection,
      StagedRows staged,
      MergeStatements statements,
      RejectedRows rejected) {
    this.database = database;
    this.dialect = database.dialect();
    this.connection = connection;
    this.staged = staged;
    this.statements = statements;
    this.rejected = rejected;
  }

  void run() throws SQLException, IOException {
    rejectWithoutBase();
    Savepoint savepoint = connection.setSavepoint();
    try {
      Statements.execute(connection, statements.all());
      connection.releaseSavepoint(savepoint);
    } catch (SQLException e) {
      if (dialect.failure(e) != FailureKind.REJECTED_ROW) {
        throw e;
      }
      connection.rollback(savepoint);
      int before = rejected.rows();
      mergeInParts();
      LOG.warn(
          "destination {}: {} rows that its table does not take are put aside",
          staged.destination(),
          rejected.rows() - before);
    }
  }

  private void rejectWithoutBase() throws SQLException, IOException {
    Optional<String> condition = statements.withoutBase();
    if (condition.isEmpty()) {
      return;
    }
    String table = database.table(staged.table());
    String number = dialect.quote(StagedRows.ROW);
    List<Integer> numbers =
        Statements.query(
            connection,
            "SELECT s.%s FROM %s s WHERE %s".formatted(number, table, condition.get()),
            row -> row.getInt(1));
    for (int row : numbers) {
      rejected.add(staged.destination(), StagedRowsMerger.WITHOUT_BASE, text(row));
      Statements.execute(
          connection, List.of("DELETE FROM %s WHERE %s = %d".formatted(table, number, row)));
    }
    if (!numbers.isEmpty()) {
      LOG.warn(
          "destination {}: {} rows are put aside: {}",
          staged.destination(),
          numbers.size(),
          StagedRowsMerger.WITHOUT_BASE);
    }
  }

  private void mergeInParts() throws SQLException, IOException {
    Statements.execute(connection, statements.before());
    String row = "s." + dialect.quote(StagedRows.ROW);
    new BisectingLoader(
            connection,
            dialect,
            (first, end) ->
                Statements.execute(
                    connection,
                    statements.of("%s BETWEEN %d AND %d".formatted(row, first, end - 1))),
            (number, reason) -> rejected.add(staged.destination(), reason, text(number)))
        .load(0, count());
  }

  private int count() throws SQLException {
    String query =
        "SELECT MAX(%s) FROM %s"
            .formatted(dialect.quote(StagedRows.ROW), database.table(staged.table()));
    return Statements.query(connection, query, row -> row.getInt(1) + 1).getFirst();
  }

  private String text(int number) throws SQLException {
    List<String> names = staged.layout().names();
    String query =
        "SELECT %s FROM %s WHERE %s = %d"
            .formatted(
                String.join(", ", names.stream().map(dialect::quote).toList()),
                database.table(staged.table()),
                dialect.quote(StagedRows.ROW),
                number);
    return Statements.query(
            connection,
            query,
            row -> {
              Map<String, Optional<String>> values = new LinkedHashMap<>();
              for (int i = 0; i < names.size(); i++) {
                values.put(names.get(i), Optional.ofNullable(row.getString(i + 1)));
              }
              return rejected.json(values);
            })
        .getFirst();
  }
}
