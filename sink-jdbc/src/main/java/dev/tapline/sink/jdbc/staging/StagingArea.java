package dev.tapline.sink.jdbc.staging;

import dev.tapline.sink.jdbc.connection.Database;
import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.dialect.api.RowLoader;
import dev.tapline.sink.jdbc.dialect.api.Statements;
import dev.tapline.sink.jdbc.dialect.api.TableColumn;
import dev.tapline.sink.jdbc.table.InternalTableNames;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.thread.Threads;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/// Makes tables of staged rows, each in a transaction of its own.
public final class StagingArea implements AutoCloseable {
  private final ExecutorService workers = Threads.pool("stage");
  private final Database database;
  private final InternalTableNames names;

  /// @param names of the pipeline
  public StagingArea(Database database, InternalTableNames names) {
    this.database = database;
    this.names = names;
  }

  /// What is done by another thread.
  @FunctionalInterface
  interface Task {
    void run() throws IOException;
  }

  /// Work that is under way.
  record Later(Future<?> work) {
    /// Waits until it is done.
    ///
    /// @throws IOException if it failed
    void await() throws IOException {
      try {
        work.get();
      } catch (ExecutionException e) {
        throw Threads.failure(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while rows were being staged");
      }
    }
  }

  /// Has something done by another thread.
  Later later(Task task) {
    return new Later(
        workers.submit(() -> {
          task.run();
          return task;
        }));
  }

  /// Waits for what is under way, and takes no more.
  @Override
  public void close() {
    workers.close();
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
      BisectingLoader.Refusal refusal)
      throws IOException {
    String name = names.staged();
    return database.transaction(
        "staging rows of '" + destination + "'",
        connection -> {
          Statements.execute(
              connection, List.of(dialect().createTable(database.table(name), planned, List.of())));
          Rows source = new Rows(name, planned, columns, rows);
          if (careful && connection.getMetaData().supportsSavepoints()) {
            carefully(connection, source, skip, refusal);
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
      Connection connection, Rows source, BitSet skip, BisectingLoader.Refusal refusal)
      throws SQLException, IOException {
    new BisectingLoader(
            connection,
            dialect(),
            (first, end) -> {
              BitSet outside = (BitSet) skip.clone();
              outside.set(0, first);
              outside.set(end, source.count());
              if (outside.nextClearBit(0) < source.count()) {
                load(connection, source, outside);
              }
            },
            (row, reason) -> {
              refusal.of(row, reason);
              skip.set(row);
            })
        .on(0, source.count());
  }

  /// Removes tables that nobody will commit.
  void drop(List<String> tables) throws IOException {
    if (tables.isEmpty()) {
      return;
    }
    database.run(
        "removing staged rows",
        connection ->
            Statements.execute(
                connection,
                tables.stream().map(name -> "DROP TABLE " + database.table(name)).toList()));
  }
}
