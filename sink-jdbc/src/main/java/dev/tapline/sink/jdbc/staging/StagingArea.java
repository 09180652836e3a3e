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

/// Loads rows into staging tables, each in a transaction of its own.
public final class StagingArea implements AutoCloseable {
  private final ExecutorService workers = Threads.pool("stage");
  private final Database database;
  private final InternalTableNames names;

  /// @param names of the pipeline
  public StagingArea(Database database, InternalTableNames names) {
    this.database = database;
    this.names = names;
  }

  /// Work for another thread.
  @FunctionalInterface
  interface StagingTask {
    void run() throws IOException;
  }

  /// Work that another thread does.
  record PendingTask(Future<?> work) {
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

  /// Has a task done by another thread.
  PendingTask submit(StagingTask task) {
    return new PendingTask(
        workers.submit(() -> {
          task.run();
          return task;
        }));
  }

  /// Waits for pending tasks and accepts no more.
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
  /// @param skip rows to leave out; rejected rows are added
  /// @param salvage whether to find rejected rows and load the others
  /// @return the table's name
  String stage(
      String destination,
      List<TableColumn> planned,
      List<Column> columns,
      int rows,
      BitSet skip,
      boolean salvage,
      BisectingLoader.Rejection rejection)
      throws IOException {
    String name = names.staging();
    return database.transaction(
        "staging rows of '" + destination + "'",
        connection -> {
          Statements.execute(
              connection, List.of(dialect().createTable(database.table(name), planned, List.of())));
          Rows source = new Rows(name, planned, columns, rows);
          if (salvage && connection.getMetaData().supportsSavepoints()) {
            loadBisecting(connection, source, skip, rejection);
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

  private void loadBisecting(
      Connection connection, Rows source, BitSet skip, BisectingLoader.Rejection rejection)
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
              rejection.reject(row, reason);
              skip.set(row);
            })
        .load(0, source.count());
  }

  /// Drops staging tables that will not be committed.
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
