package dev.tapline.sink.jdbc.commit;

import dev.tapline.sink.jdbc.commit.TableRegistry.Entry;
import dev.tapline.sink.jdbc.commit.TableRegistry.State;
import dev.tapline.sink.jdbc.connection.Database;
import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.staging.DirectVersions;
import dev.tapline.sink.jdbc.staging.RejectedRows;
import dev.tapline.sink.jdbc.staging.StagedRows;
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

/// Makes checkpoints visible. The steps of one are: tables are made and changed; rows are merged,
/// and the ledger is written with them in one transaction; versions take the place of others, and
/// staged rows are removed. Where tables can be made and renamed in a transaction, all of it is
/// one.
public final class JdbcCommitter implements SinkCommitter {
  private static final int MOST_TABLES_AT_ONCE = 200;

  private final Database database;
  private final InternalTableNames names;
  private final DirectVersions versions;
  private final TableRegistry registry;
  private final DestinationTables tables;
  private final VersionSwap exchange;
  private final StagedRowsMerger applier;
  private final String pipeline;
  private final String refused;
  private final boolean keepsRefused;

  /// @param refused the table of refused rows
  /// @param keepsRefused whether rows that are refused go there
  /// @param deletedAt the columns that mark a deleted row; empty when rows are removed
  public JdbcCommitter(
      Database database,
      InternalTableNames names,
      DirectVersions versions,
      String pipeline,
      String refused,
      boolean keepsRefused,
      List<String> deletedAt) {
    this.database = database;
    this.names = names;
    this.versions = versions;
    this.pipeline = pipeline;
    this.refused = refused;
    this.keepsRefused = keepsRefused;
    this.registry = new TableRegistry(database, pipeline);
    this.tables = new DestinationTables(database, names, registry, pipeline, refused, keepsRefused);
    this.exchange = new VersionSwap(database, names, registry);
    this.applier = new StagedRowsMerger(database, deletedAt);
  }

  @Override
  public OptionalLong lastCheckpoint() throws IOException {
    return database.transaction(
        "reading the ledger",
        connection ->
            registry.exists(connection) ? registry.checkpoint(connection) : OptionalLong.empty());
  }

  @Override
  public SortedMap<String, String> lastPositions() throws IOException {
    return database.transaction(
        "reading the ledger",
        connection ->
            registry.exists(connection)
                ? registry.positions(connection)
                : Collections.emptySortedMap());
  }

  @Override
  public long highestGeneration() throws IOException {
    return database.transaction(
        "reading the tables' versions",
        connection ->
            registry.exists(connection)
                ? registry.own(connection).stream().mapToLong(Entry::generation).max().orElse(0)
                : 0L);
  }

  @Override
  public void commit(Checkpoint checkpoint) throws IOException {
    List<StagedRows> staged = checkpoint.allCommits().stream().map(StagedRows::of).toList();
    String doing = "checkpoint " + checkpoint.number();
    boolean done = database.transaction(doing, connection -> isDone(connection, checkpoint));
    // A transaction locks each table that it makes or renames, and databases have room for some.
    int size = staged.size() + checkpoint.replacements().size();
    if (!done && dialect().traits().transactionalDdl() && size <= MOST_TABLES_AT_ONCE) {
      run(
          doing,
          connection -> {
            tables.make(connection, staged, true);
            apply(connection, checkpoint, staged);
            finish(connection, staged, true);
          });
    } else {
      for (int i = 0; i < staged.size() && !done; i += MOST_TABLES_AT_ONCE) {
        List<StagedRows> some = staged.subList(i, Math.min(staged.size(), i + MOST_TABLES_AT_ONCE));
        run(doing, connection -> tables.make(connection, some, false));
      }
      if (!done) {
        run(doing, connection -> registry.create(connection));
        run(doing, connection -> apply(connection, checkpoint, staged));
      }
      finishByAndBy(doing, staged);
    }
    if (!done) {
      for (StagedRows each : staged) {
        versions.committed(each.destination(), each.generation());
      }
    }
  }

  private void finishByAndBy(String doing, List<StagedRows> staged) throws IOException {
    List<Entry> entries = database.transaction(doing, registry::next);
    for (Entry entry : entries) {
      run(doing, connection -> exchange.exchange(connection, entry));
    }
    for (int i = 0; i < staged.size(); i += MOST_TABLES_AT_ONCE) {
      List<StagedRows> some = staged.subList(i, Math.min(staged.size(), i + MOST_TABLES_AT_ONCE));
      run(doing, connection -> finish(connection, some, false));
    }
  }

  @FunctionalInterface
  private interface Step {
    void in(Connection connection) throws SQLException, IOException;
  }

  private void run(String doing, Step step) throws IOException {
    database.transaction(
        doing,
        connection -> {
          step.in(connection);
          return doing;
        });
  }

  private Dialect dialect() {
    return database.dialect();
  }

  private boolean isDone(Connection connection, Checkpoint checkpoint)
      throws SQLException, IOException {
    if (!registry.exists(connection)) {
      return false;
    }
    long last = registry.checkpoint(connection).orElse(0);
    if (last > checkpoint.number()) {
      throw new IOException(
          "the ledger of '%s' is at checkpoint %d already, and checkpoint %d is to be committed: another run writes to the same destination, or the state was put back; stop it, or accept what the destination holds with 'runtime state --accept-destination'"
              .formatted(pipeline, last, checkpoint.number()));
    }
    return last == checkpoint.number();
  }

  private void apply(Connection connection, Checkpoint checkpoint, List<StagedRows> staged)
      throws SQLException, IOException {
    Optional<RejectedRows> kept =
        keepsRefused ? Optional.of(new RejectedRows(dialect())) : Optional.empty();
    for (StagedRows each : staged) {
      if (each.kind() == StagedRows.Kind.REFUSED) {
        applier.apply(connection, each, refused, each.layout(), Optional.empty());
      } else if (each.kind() == StagedRows.Kind.STAGED) {
        List<Entry> entries = registry.entries(connection, each.destination());
        Entry target =
            DestinationTables.version(entries, each.generation())
                .or(() -> TableRegistry.live(entries))
                .orElseThrow(
                    () -> new IOException("destination '" + each.destination() + "' has no table"));
        if (each.mode() == WriteMode.APPEND) {
          target = tables.keyed(connection, target);
        }
        applier.apply(connection, each, tables.nameOf(target), target.layout(), kept);
      }
    }
    if (kept.isPresent() && kept.get().rows() > 0) {
      kept.get().load(connection, database, refused);
    }
    for (Checkpoint.Replacement replacement : checkpoint.replacements()) {
      List<Entry> entries = registry.entries(connection, replacement.destination());
      Optional<Entry> next = DestinationTables.version(entries, replacement.generation());
      if (next.isPresent()) {
        Entry complete = tables.keyed(connection, next.get());
        registry.put(connection, Optional.of(complete), complete.with(State.NEXT));
      }
    }
    registry.write(connection, checkpoint.number(), checkpoint.positions());
  }

  private void finish(Connection connection, List<StagedRows> staged, boolean atOnce)
      throws SQLException, IOException {
    for (Entry entry : registry.next(connection)) {
      exchange.exchange(connection, entry);
    }
    List<String> drops = new ArrayList<>();
    for (StagedRows each : staged) {
      boolean there = atOnce || database.exists(connection, each.table());
      if (!each.table().isEmpty() && there) {
        drops.add("DROP TABLE " + database.table(each.table()));
      }
    }
    Database.execute(connection, drops);
  }

  @Override
  public void sweep() throws IOException {
    versions.forget();
    database.transaction(
        "removing what earlier runs have left",
        connection -> {
          if (registry.exists(connection)) {
            for (Entry entry : registry.own(connection)) {
              if (entry.state() == State.NEXT) {
                exchange.exchange(connection, entry);
              } else if (entry.state() != State.LIVE) {
                registry.remove(connection, entry);
              }
            }
          }
          List<String> drops =
              database.tables(connection, names.prefix()).stream()
                  .map(name -> "DROP TABLE " + database.table(name))
                  .toList();
          Database.execute(connection, drops);
          return drops;
        });
  }

  @Override
  public void close() {
    // The sink closes the connections.
  }
}
