package dev.tapline.sink.jdbc.commit;

import dev.tapline.sink.jdbc.commit.Registry.Entry;
import dev.tapline.sink.jdbc.commit.Registry.State;
import dev.tapline.sink.jdbc.database.Database;
import dev.tapline.sink.jdbc.database.Names;
import dev.tapline.sink.jdbc.dialect.Dialect;
import dev.tapline.sink.jdbc.plan.Layout;
import dev.tapline.sink.jdbc.stage.Staged;
import dev.tapline.sink.jdbc.stage.Versions;
import dev.tapline.spi.sink.Checkpoint;
import dev.tapline.spi.sink.SinkCommitter;
import dev.tapline.spi.sink.WriteMode;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Makes checkpoints visible. The steps of one are: tables are made and changed; rows are merged,
/// and the ledger is written with them in one transaction; versions take the place of others, and
/// staged rows are removed. Where tables can be made and renamed in a transaction, all of it is
/// one.
public final class JdbcCommitter implements SinkCommitter {
  private final Database database;
  private final Names names;
  private final Versions versions;
  private final Registry registry;
  private final Evolution evolution;
  private final Applier applier;
  private final String pipeline;
  private final String refused;

  /// @param refused the table of refused rows
  /// @param deletedAt the columns that mark a deleted row; empty when rows are removed
  public JdbcCommitter(
      Database database,
      Names names,
      Versions versions,
      String pipeline,
      String refused,
      List<String> deletedAt) {
    this.database = database;
    this.names = names;
    this.versions = versions;
    this.pipeline = pipeline;
    this.refused = refused;
    this.registry = new Registry(database, pipeline);
    this.evolution = new Evolution(database);
    this.applier = new Applier(database, deletedAt);
  }

  @Override
  public OptionalLong lastCheckpoint() throws IOException {
    return database.transaction(
        "reading the ledger",
        connection ->
            registry.exists(connection) ? registry.checkpoint(connection) : OptionalLong.empty());
  }

  @Override
  public void commit(Checkpoint checkpoint) throws IOException {
    List<Staged> staged = checkpoint.commits().stream().map(Staged::of).toList();
    String doing = "checkpoint " + checkpoint.number();
    boolean done;
    if (dialect().traits().transactionalDdl()) {
      done =
          database.transaction(
              doing,
              connection -> {
                if (isDone(connection, checkpoint)) {
                  return true;
                }
                makeTables(connection, staged);
                apply(connection, checkpoint, staged);
                finish(connection, staged);
                return false;
              });
    } else {
      done = database.transaction(doing, connection -> isDone(connection, checkpoint));
      if (!done) {
        run(doing, connection -> makeTables(connection, staged));
        run(doing, connection -> apply(connection, checkpoint, staged));
      }
      run(doing, connection -> finish(connection, staged));
    }
    if (!done) {
      for (Staged each : staged) {
        versions.committed(each.destination(), each.generation());
      }
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

  private void makeTables(Connection connection, List<Staged> staged)
      throws SQLException, IOException {
    registry.create(connection);
    for (Staged each : staged) {
      if (each.kind() == Staged.Kind.REFUSED) {
        if (!database.exists(connection, refused)) {
          create(connection, refused, each.layout(), List.of());
        }
      } else {
        makeTable(connection, each);
      }
    }
  }

  private void makeTable(Connection connection, Staged staged) throws SQLException, IOException {
    List<Entry> entries = registry.entries(connection, staged.destination());
    requireOwn(staged.destination(), entries);
    Optional<Entry> version = version(entries, staged.generation());
    boolean replace = staged.mode() == WriteMode.REPLACE;
    Optional<Entry> target = replace || version.isPresent() ? version : Registry.live(entries);
    if (target.isPresent()) {
      Entry entry = target.get();
      String name = nameOf(entry);
      // Where making a table ends the transaction, a crash may have come between entry and table.
      if (!dialect().traits().transactionalDdl() && !database.exists(connection, name)) {
        create(connection, name, entry.layout(), keyOf(entry, entry.layout()));
      }
      Layout after =
          evolution.apply(connection, staged.destination(), name, entry.layout(), staged.layout());
      if (!after.equals(entry.layout())) {
        registry.put(connection, target, entry.with(after));
      }
      return;
    }
    if (!replace && database.exists(connection, staged.destination())) {
      throw new IOException(foreign(staged.destination()));
    }
    Entry entry =
        new Entry(
            staged.destination(),
            staged.generation(),
            pipeline,
            replace ? State.LOADING : State.LIVE,
            staged.layout());
    // The entry comes first: where making a table ends the transaction, it must be there.
    registry.put(connection, Optional.empty(), entry);
    if (!database.exists(connection, nameOf(entry))) {
      create(connection, nameOf(entry), staged.layout(), keyOf(entry, staged.layout()));
    }
  }

  private List<String> keyOf(Entry entry, Layout layout) {
    boolean later = dialect().keyAfterLoad() && entry.state() == State.LOADING;
    return dialect().traits().key() && !later ? layout.key() : List.of();
  }

  private void create(Connection connection, String name, Layout layout, List<String> key)
      throws SQLException {
    Database.execute(
        connection,
        List.of(dialect().createTable(database.table(name), Evolution.columns(layout), key)));
  }

  private void requireOwn(String destination, List<Entry> entries) throws IOException {
    for (Entry entry : entries) {
      if (!entry.owner().equals(pipeline)) {
        throw new IOException(
            "destination '%s': its table is written by the pipeline '%s'; give the stream another name with 'as'"
                .formatted(destination, entry.owner()));
      }
    }
  }

  static String foreign(String destination) {
    return "destination '%s': there is a table of that name, which Tapline has not made; drop it, or give the stream another name with 'as'"
        .formatted(destination);
  }

  private static Optional<Entry> version(List<Entry> entries, long generation) {
    return entries.stream()
        .filter(entry -> entry.state() != State.LIVE && entry.generation() == generation)
        .findFirst();
  }

  private String nameOf(Entry entry) {
    return entry.state() == State.LIVE
        ? entry.destination()
        : names.version(entry.destination(), entry.generation());
  }

  private void apply(Connection connection, Checkpoint checkpoint, List<Staged> staged)
      throws SQLException, IOException {
    for (Staged each : staged) {
      if (each.kind() == Staged.Kind.REFUSED) {
        applier.apply(connection, each, refused, each.layout());
      } else if (each.kind() == Staged.Kind.STAGED) {
        List<Entry> entries = registry.entries(connection, each.destination());
        Entry target =
            version(entries, each.generation())
                .or(() -> Registry.live(entries))
                .orElseThrow(
                    () -> new IOException("destination '" + each.destination() + "' has no table"));
        if (each.mode() == WriteMode.APPEND) {
          target = keyed(connection, target);
        }
        applier.apply(connection, each, nameOf(target), target.layout());
      }
    }
    for (Checkpoint.Replacement replacement : checkpoint.replacements()) {
      List<Entry> entries = registry.entries(connection, replacement.destination());
      Optional<Entry> next = version(entries, replacement.generation());
      if (next.isPresent()) {
        Entry complete = keyed(connection, next.get());
        registry.put(connection, Optional.of(complete), complete.with(State.NEXT));
      }
    }
    registry.write(connection, checkpoint.number(), checkpoint.positions());
  }

  /// Gives the table of a version its key, if it has none yet.
  private Entry keyed(Connection connection, Entry entry) throws SQLException, IOException {
    if (entry.state() != State.LOADING) {
      return entry;
    }
    List<String> key = entry.layout().key();
    if (dialect().keyAfterLoad() && !key.isEmpty()) {
      try {
        Database.execute(connection, List.of(dialect().addKey(database.table(nameOf(entry)), key)));
      } catch (SQLException e) {
        throw new IOException(
            "destination '%s': its rows cannot have the key %s: %s"
                .formatted(entry.destination(), key, e.getMessage()),
            e);
      }
    }
    Entry keyed = entry.with(State.KEYED);
    registry.put(connection, Optional.of(entry), keyed);
    return keyed;
  }

  private void finish(Connection connection, List<Staged> staged) throws SQLException {
    for (Entry entry : registry.own(connection)) {
      if (entry.state() == State.NEXT) {
        exchange(connection, entry);
      }
    }
    List<String> drops = new ArrayList<>();
    for (Staged each : staged) {
      boolean there =
          dialect().traits().transactionalDdl() || database.exists(connection, each.table());
      if (!each.table().isEmpty() && there) {
        drops.add("DROP TABLE " + database.table(each.table()));
      }
    }
    Database.execute(connection, drops);
  }

  // Whatever of it was done before is not done again.
  private void exchange(Connection connection, Entry next) throws SQLException {
    String destination = next.destination();
    String version = names.version(destination, next.generation());
    String replaced = names.replaced(destination, next.generation());
    if (database.exists(connection, version)) {
      List<Dialect.Rename> renames = new ArrayList<>();
      if (database.exists(connection, destination)) {
        renames.add(new Dialect.Rename(destination, replaced));
      }
      renames.add(new Dialect.Rename(version, destination));
      Database.execute(connection, dialect().rename(database.schema(), renames));
    }
    Optional<Entry> live = Registry.live(registry.entries(connection, destination));
    if (live.isPresent()) {
      registry.remove(connection, live.get());
    }
    registry.put(connection, Optional.of(next), next.with(State.LIVE));
    if (database.exists(connection, replaced)) {
      Database.execute(connection, List.of("DROP TABLE " + database.table(replaced)));
    }
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
                exchange(connection, entry);
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
