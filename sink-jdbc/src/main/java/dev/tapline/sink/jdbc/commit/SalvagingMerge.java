package dev.tapline.sink.jdbc.commit;

import dev.tapline.sink.jdbc.connection.Database;
import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.dialect.api.FailureKind;
import dev.tapline.sink.jdbc.staging.BisectingLoader;
import dev.tapline.sink.jdbc.staging.RejectedRows;
import dev.tapline.sink.jdbc.staging.StagedRows;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings staged rows into a table, and puts those aside that the table does not take.
final class SalvagingMerge {
  private static final Logger LOG = LoggerFactory.getLogger("jdbc");

  private final Database database;
  private final Dialect dialect;
  private final Connection connection;
  private final StagedRows staged;
  private final MergeStatements addition;
  private final RejectedRows kept;

  SalvagingMerge(
      Database database,
      Connection connection,
      StagedRows staged,
      MergeStatements addition,
      RejectedRows kept) {
    this.database = database;
    this.dialect = database.dialect();
    this.connection = connection;
    this.staged = staged;
    this.addition = addition;
    this.kept = kept;
  }

  void run() throws SQLException, IOException {
    putAsideWithoutBase();
    Savepoint savepoint = connection.setSavepoint();
    try {
      Database.execute(connection, addition.all());
      connection.releaseSavepoint(savepoint);
    } catch (SQLException e) {
      if (dialect.failure(e) != FailureKind.REFUSED_ROW) {
        throw e;
      }
      connection.rollback(savepoint);
      int before = kept.rows();
      byParts();
      LOG.warn(
          "destination {}: {} rows that its table does not take are put aside",
          staged.destination(),
          kept.rows() - before);
    }
  }

  private void putAsideWithoutBase() throws SQLException, IOException {
    Optional<String> condition = addition.withoutBase();
    if (condition.isEmpty()) {
      return;
    }
    List<Integer> numbers = new ArrayList<>();
    String table = database.table(staged.table());
    String number = dialect.quote(StagedRows.ROW);
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT s.%s FROM %s s WHERE %s".formatted(number, table, condition.get()))) {
      while (rows.next()) {
        numbers.add(rows.getInt(1));
      }
    }
    for (int row : numbers) {
      kept.add(staged.destination(), StagedRowsMerger.WITHOUT_BASE, text(row));
      Database.execute(
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

  private void byParts() throws SQLException, IOException {
    Database.execute(connection, addition.before());
    String row = "s." + dialect.quote(StagedRows.ROW);
    new BisectingLoader(
            connection,
            dialect,
            (first, end) ->
                Database.execute(
                    connection, addition.of("%s BETWEEN %d AND %d".formatted(row, first, end - 1))),
            (number, reason) -> kept.add(staged.destination(), reason, text(number)))
        .on(0, count());
  }

  private int count() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT MAX(%s) FROM %s"
                    .formatted(dialect.quote(StagedRows.ROW), database.table(staged.table())))) {
      return rows.next() ? rows.getInt(1) + 1 : 0;
    }
  }

  private String text(int number) throws SQLException {
    Map<String, Optional<String>> values = new LinkedHashMap<>();
    List<String> names = staged.layout().names();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT %s FROM %s WHERE %s = %d"
                    .formatted(
                        String.join(", ", names.stream().map(dialect::quote).toList()),
                        database.table(staged.table()),
                        dialect.quote(StagedRows.ROW),
                        number))) {
      rows.next();
      for (int i = 0; i < names.size(); i++) {
        values.put(names.get(i), Optional.ofNullable(rows.getString(i + 1)));
      }
    }
    return kept.text(values);
  }
}
