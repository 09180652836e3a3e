package dev.tapline.sink.jdbc.commit;

import dev.tapline.sink.jdbc.commit.TableRegistry.Entry;
import dev.tapline.sink.jdbc.commit.TableRegistry.State;
import dev.tapline.sink.jdbc.connection.Database;
import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.staging.RejectedRows;
import dev.tapline.sink.jdbc.staging.StagedRows;
import dev.tapline.sink.jdbc.table.InternalTableNames;
import dev.tapline.sink.jdbc.table.TableLayout;
import dev.tapline.spi.sink.WriteMode;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// The tables of a pipeline and of its versions.
final class DestinationTables {
  private final Database database;
  private final InternalTableNames names;
  private final TableRegistry registry;
  private final SchemaEvolution evolution;
  private final String pipeline;
  private final String refused;
  private final boolean keepsRefused;

  /// @param refused the table of refused rows
  /// @param keepsRefused whether it may be needed while rows are merged
  DestinationTables(
      Database database,
      InternalTableNames names,
      TableRegistry registry,
      String pipeline,
      String refused,
      boolean keepsRefused) {
    this.database = database;
    this.names = names;
    this.registry = registry;
    this.evolution = new SchemaEvolution(database);
    this.pipeline = pipeline;
    this.refused = refused;
    this.keepsRefused = keepsRefused;
  }

  private Dialect dialect() {
    return database.dialect();
  }

  /// Makes and changes the tables that staged rows are for.
  ///
  /// @param atOnce whether everything that a checkpoint does comes or goes together
  void make(Connection connection, List<StagedRows> staged, boolean atOnce)
      throws SQLException, IOException {
    registry.create(connection);
    boolean needed =
        keepsRefused || staged.stream().anyMatch(each -> each.kind() == StagedRows.Kind.REFUSED);
    if (needed && !database.exists(connection, refused)) {
      create(connection, refused, new RejectedRows(dialect()).layout(), List.of());
    }
    for (StagedRows each : staged) {
      if (each.kind() != StagedRows.Kind.REFUSED) {
        makeTable(connection, each, atOnce);
      }
    }
  }

  private void makeTable(Connection connection, StagedRows staged, boolean atOnce)
      throws SQLException, IOException {
    List<Entry> entries = registry.entries(connection, staged.destination());
    requireOwn(staged.destination(), entries);
    Optional<Entry> version = version(entries, staged.generation());
    boolean replace = staged.mode() == WriteMode.REPLACE;
    Optional<Entry> target = replace || version.isPresent() ? version : TableRegistry.live(entries);
    if (target.isPresent()) {
      Entry entry = target.get();
      String name = nameOf(entry);
      // Else a crash may have come between entry and table.
      if (!atOnce && !database.exists(connection, name)) {
        create(connection, name, entry.layout(), keyOf(entry, entry.layout()));
      }
      TableLayout after =
          evolution.apply(connection, staged.destination(), name, entry.layout(), staged.layout());
      if (!after.equals(entry.layout())) {
        registry.put(connection, target, entry.with(after));
      }
      return;
    }
    if (TableRegistry.live(entries).isEmpty()
        && database.exists(connection, staged.destination())) {
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

  private List<String> keyOf(Entry entry, TableLayout layout) {
    boolean later = dialect().keyAfterLoad() && entry.state() == State.LOADING;
    return dialect().traits().key() && !later ? layout.key() : List.of();
  }

  private void create(Connection connection, String name, TableLayout layout, List<String> key)
      throws SQLException {
    Database.execute(
        connection,
        List.of(dialect().createTable(database.table(name), SchemaEvolution.columns(layout), key)));
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

  private static String foreign(String destination) {
    return "destination '%s': there is a table of that name, which Tapline has not made; drop it, or give the stream another name with 'as'"
        .formatted(destination);
  }

  /// A version that is not what people see.
  static Optional<Entry> version(List<Entry> entries, long generation) {
    return entries.stream()
        .filter(entry -> entry.state() != State.LIVE && entry.generation() == generation)
        .findFirst();
  }

  /// What the table of a version is called.
  String nameOf(Entry entry) {
    return entry.state() == State.LIVE
        ? entry.destination()
        : names.version(entry.destination(), entry.generation());
  }

  /// Gives the table of a version its key, if it has none yet.
  Entry keyed(Connection connection, Entry entry) throws SQLException, IOException {
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
}
