package dev.tapline.sink.jdbc.stage;

import dev.tapline.sink.jdbc.database.Database;
import dev.tapline.sink.jdbc.database.Names;
import dev.tapline.sink.jdbc.dialect.Dialect;
import dev.tapline.sink.jdbc.dialect.Failure;
import dev.tapline.sink.jdbc.dialect.RowLoader;
import dev.tapline.sink.jdbc.dialect.TableColumn;
import dev.tapline.spi.batch.Column;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.BitSet;
import java.util.List;

/// Makes tables of staged rows, each in a transaction of its own.
public final class Stage {
  private final Database database;
  private final Names names;

  /// @param names of the pipeline
  public Stage(Database database, Names names) {
    this.database = database;
    this.names = names;
  }

  /// Is told of a row that the database does not take.
  @FunctionalInterface
  interface Refusal {
    void of(int row, String reason) throws IOException;
  }

  Dialect dialect() {
    return database.dialect();
  }

  Database database() {
    return database;
  }

  /// Stages rows.
  ///
  /// @param skip rows that are left out; those that are refused are added
  /// @param careful whether to find the rows that the database does not take, to stage the others
  /// @return the table's name
  String put(
      String destination,
      List<TableColumn> planned,
      List<Column> columns,
      int rows,
      BitSet skip,
      boolean careful,
      Refusal refusal)
      throws IOException {
    String name = names.staged();
    return database.transaction(
        "staging rows of '" + destination + "'",
        connection -> {
          Database.execute(
              connection, List.of(dialect().createTable(database.table(name), planned, List.of())));
          Rows source = new Rows(name, planned, columns, rows);
          if (careful && connection.getMetaData().supportsSavepoints()) {
            carefully(connection, source, skip, 0, rows, refusal);
          } else {
            load(connection, source, skip);
          }
          return name;
        });
  }

  private record Rows(String table, List<TableColumn> planned, List<Column> columns, int count) {}

  private void load(Connection connection, Rows source, BitSet skip) throws SQLException {
    try (RowLoader loader =
        dialect().loader(connection, database.schema(), source.table(), source.planned())) {
      loader.load(source.columns(), source.count(), skip);
      loader.finish();
    }
  }

  private void carefully(
      Connection connection, Rows source, BitSet skip, int first, int end, Refusal refusal)
      throws SQLException, IOException {
    BitSet outside = (BitSet) skip.clone();
    outside.set(0, first);
    outside.set(end, source.count());
    if (outside.nextClearBit(0) >= source.count()) {
      return;
    }
    Savepoint savepoint = connection.setSavepoint();
    try {
      load(connection, source, outside);
      connection.releaseSavepoint(savepoint);
    } catch (SQLException e) {
      if (dialect().failure(e) != Failure.REFUSED_ROW) {
        throw e;
      }
      connection.rollback(savepoint);
      if (end - first == 1) {
        refusal.of(first, String.valueOf(e.getMessage()));
        skip.set(first);
      } else {
        int middle = (first + end) / 2;
        carefully(connection, source, skip, first, middle, refusal);
        carefully(connection, source, skip, middle, end, refusal);
      }
    }
  }

  /// Removes tables that nobody will commit.
  void drop(List<String> tables) throws IOException {
    if (tables.isEmpty()) {
      return;
    }
    database.transaction(
        "removing staged rows",
        connection -> {
          Database.execute(
              connection,
              tables.stream().map(name -> "DROP TABLE " + database.table(name)).toList());
          return tables;
        });
  }
}
