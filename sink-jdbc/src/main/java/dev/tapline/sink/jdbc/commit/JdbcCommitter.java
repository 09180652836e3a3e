package dev.tapline.sink.jdbc.commit;

import dev.tapline.sink.jdbc.commit.TableVersion.State;
import dev.tapline.sink.jdbc.connection.Database;
import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.dialect.api.Statements;
import dev.tapline.sink.jdbc.staging.RejectedRows;
import dev.tapline.sink.jdbc.staging.StagedRows;
import dev.tapline.sink.jdbc.staging.VersionTables;
import dev.tapline.sink.jdbc.table.InternalTableNames;
import dev.tapline.spi.sink.Checkpoint;
import dev.tapline.spi.sink.SinkCommitter;
import dev.tapline.spi.sink.WriteMode;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;

/// Commits checkpoints, in these steps: tables are created and altered; rows are merged and the
/// ledger is written, in one transaction; complete versions replace live tables, and staging tables
/// are dropped. Where the database has transactional DDL, all steps are one transaction.
public final class JdbcCommitter implements SinkCommitter {
  private static final int MOST_TABLES_AT_ONCE = 200;

  private final Database database;
  private final InternalTableNames names;
  private final VersionTables versionTables;
  private final Ledger ledger;
  private final DestinationTables tables;
  private final VersionSwap swap;
  private final StagedRowsMerger merger;
  private final String pipeline;
  private final String rejectedTable;
  private final boolean keepsRejected;

  /// @param rejectedTable the table of rejected rows
  /// @param keepsRejected whether rows that are rejected while merging go there
  /// @param deletedAt the columns that mark a deleted row; empty if rows are deleted
  public JdbcCommitter(
      Database database,
      InternalTableNames names,
      VersionTables versionTables,
      String pipeline,
      String rejectedTable,
      boolean keepsRejected,
      List<String> deletedAt) {
    this.database = database;
    this.names = names;
    this.versionTables = versionTables;
    this.pipeline = pipeline;
    this.rejectedTable = rejectedTable;
    this.keepsRejected = keepsRejected;
    this.ledger = new Ledger(database, pipeline);
    this.tables =
        new DestinationTables(database, names, ledger, pipeline, rejectedTable, keepsRejected);
    this.swap = new VersionSwap(database, names, ledger);
    this.merger = new StagedRowsMerger(database, deletedAt);
  }

  @Override
  public OptionalLong lastCheckpoint() throws IOException {
    return database.transaction(
        "reading the ledger",
        connection ->
            ledger.exists(connection) ? ledger.checkpoint(connection) : OptionalLong.empty());
  }

  @Override
  public SortedMap<String, String> lastPositions() throws IOException {
    return database.transaction(
        "reading the ledger",
        connection ->
            ledger.exists(connection)
                ? ledger.positions(connection)
                : Collections.emptySortedMap());
  }

  @Override
  public long highestVersion() throws IOException {
    return database.transaction(
        "reading the tables' versions",
        connection ->
            ledger.exists(connection)
                ? ledger.own(connection).stream().mapToLong(TableVersion::version).max().orElse(0)
                : 0L);
  }

  @Override
  public void commit(Checkpoint checkpoint) throws IOException {
    List<StagedRows> staged = checkpoint.allCommits().stream().map(StagedRows::of).toList();
    String doing = "checkpoint " + checkpoint.number();
    boolean done = database.transaction(doing, connection -> isDone(connection, checkpoint));
    // A transaction locks each table that it creates or renames, and the number of locks is
    // limited.
    int size = staged.size() + checkpoint.replacements().size();
    if (!done && dialect().traits().transactionalDdl() && size <= MOST_TABLES_AT_ONCE) {
      database.run(
          doing,
          connection -> {
            tables.prepare(connection, staged, true);
            merge(connection, checkpoint, staged);
            finish(connection, staged, true);
          });
    } else {
      for (int i = 0; i < staged.size() && !done; i += MOST_TABLES_AT_ONCE) {
        List<StagedRows> some = staged.subList(i, Math.min(staged.size(), i + MOST_TABLES_AT_ONCE));
        database.run(doing, connection -> tables.prepare(connection, some, false));
      }
      if (!done) {
        database.run(doing, connection -> ledger.create(connection));
        database.run(doing, connection -> merge(connection, checkpoint, staged));
      }
      finishStepByStep(doing, staged);
    }
    if (!done) {
      for (StagedRows each : staged) {
        versionTables.committed(each.destination(), each.version());
      }
    }
  }

  private void finishStepByStep(String doing, List<StagedRows> staged) throws IOException {
    List<TableVersion> versions = database.transaction(doing, ledger::next);
    for (TableVersion version : versions) {
      database.run(doing, connection -> swap.swap(connection, version));
    }
    for (int i = 0; i < staged.size(); i += MOST_TABLES_AT_ONCE) {
      List<StagedRows> some = staged.subList(i, Math.min(staged.size(), i + MOST_TABLES_AT_ONCE));
      database.run(doing, connection -> finish(connection, some, false));
    }
  }

  private Dialect dialect() {
    return database.dialect();
  }

  private boolean isDone(Connection connection, Checkpoint checkpoint)
      throws SQLException, IOException {
    if (!ledger.exists(connection)) {
      return false;
    }
    long last = ledger.checkpoint(connection).orElse(0);
    if (last > checkpoint.number()) {
      throw new IOException(
          "the ledger of '%s' is at checkpoint %d already, and checkpoint %d is to be committed: another run writes to the same destination, or the state was put back; stop it, or accept what the destination holds with 'runtime state --accept-destination'"
              .formatted(pipeline, last, checkpoint.number()));
    }
    return last == checkpoint.number();
  }

  private void merge(Connection connection, Checkpoint checkpoint, List<StagedRows> staged)
      throws SQLException, IOException {
    Optional<RejectedRows> rejected =
        keepsRejected ? Optional.of(new RejectedRows(dialect())) : Optional.empty();
    for (StagedRows each : staged) {
      if (each.kind() == StagedRows.Kind.REFUSED) {
        merger.merge(connection, each, rejectedTable, each.layout(), Optional.empty());
      } else if (each.kind() == StagedRows.Kind.STAGED) {
        List<TableVersion> versions = ledger.versions(connection, each.destination());
        TableVersion target =
            TableVersion.hidden(versions, each.version())
                .or(() -> TableVersion.live(versions))
                .orElseThrow(
                    () -> new IOException("destination '" + each.destination() + "' has no table"));
        if (each.mode() == WriteMode.APPEND) {
          target = tables.addKey(connection, target);
        }
        merger.merge(connection, each, tables.nameOf(target), target.layout(), rejected);
      }
    }
    if (rejected.isPresent() && rejected.get().rows() > 0) {
      rejected.get().load(connection, database, rejectedTable);
    }
    for (Checkpoint.TableReplacement replacement : checkpoint.replacements()) {
      List<TableVersion> versions = ledger.versions(connection, replacement.destination());
      Optional<TableVersion> next = TableVersion.hidden(versions, replacement.version());
      if (next.isPresent()) {
        TableVersion complete = tables.addKey(connection, next.get());
        ledger.put(connection, Optional.of(complete), complete.with(State.NEXT));
      }
    }
    ledger.write(connection, checkpoint.number(), checkpoint.positions());
  }

  private void finish(Connection connection, List<StagedRows> staged, boolean atomic)
      throws SQLException, IOException {
    for (TableVersion version : ledger.next(connection)) {
      swap.swap(connection, version);
    }
    List<String> drops = new ArrayList<>();
    for (StagedRows each : staged) {
      boolean there = atomic || database.exists(connection, each.table());
      if (!each.table().isEmpty() && there) {
        drops.add("DROP TABLE " + database.table(each.table()));
      }
    }
    Statements.execute(connection, drops);
  }

  @Override
  public void sweep() throws IOException {
    versionTables.forget();
    database.run(
        "removing what earlier runs have left",
        connection -> {
          if (ledger.exists(connection)) {
            for (TableVersion version : ledger.own(connection)) {
              if (version.state() == State.NEXT) {
                swap.swap(connection, version);
              } else if (version.state() != State.LIVE) {
                ledger.remove(connection, version);
              }
            }
          }
          List<String> drops =
              database.tables(connection, names.prefix()).stream()
                  .map(name -> "DROP TABLE " + database.table(name))
                  .toList();
          Statements.execute(connection, drops);
        });
  }

  @Override
  public void close() {
    // The sink closes the connections.
  }
}
