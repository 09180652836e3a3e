package dev.tapline.sink.jdbc.commit;

import dev.tapline.sink.jdbc.commit.TableRegistry.Entry;
import dev.tapline.sink.jdbc.commit.TableRegistry.State;
import dev.tapline.sink.jdbc.connection.Database;
import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.table.InternalTableNames;
import dev.tapline.sink.jdbc.table.TableLayout;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Puts versions that are complete in the place of those that people see: the new table takes the
/// name of the old one, or, where people have added to the old one what would go with it, its rows.
final class VersionSwap {
  private final Database database;
  private final InternalTableNames names;
  private final TableRegistry registry;
  private final SchemaEvolution evolution;

  VersionSwap(Database database, InternalTableNames names, TableRegistry registry) {
    this.database = database;
    this.names = names;
    this.registry = registry;
    this.evolution = new SchemaEvolution(database);
  }

  private Dialect dialect() {
    return database.dialect();
  }

  /// Does it. Whatever of it was done before is not done again.
  void exchange(Connection connection, Entry next) throws SQLException, IOException {
    String destination = next.destination();
    String version = names.version(destination, next.generation());
    Optional<Entry> live = TableRegistry.live(registry.entries(connection, destination));
    boolean there = database.exists(connection, version);
    if (there && live.isPresent() && keepsTable(connection, live.get(), next)) {
      TableLayout layout = refill(connection, live.get(), next, version);
      becomesLive(connection, live, next, next.with(State.LIVE).with(layout));
      drop(connection, version);
      return;
    }
    String replaced = names.replaced(destination, next.generation());
    if (there) {
      List<Dialect.Rename> renames = new ArrayList<>();
      List<String> statements = new ArrayList<>();
      if (database.exists(connection, destination)) {
        statements.addAll(dialect().inherit(connection, database.schema(), destination, version));
        renames.add(new Dialect.Rename(destination, replaced));
      }
      renames.add(new Dialect.Rename(version, destination));
      statements.addAll(dialect().rename(database.schema(), renames));
      Database.execute(connection, statements);
    }
    becomesLive(connection, live, next, next.with(State.LIVE));
    if (database.exists(connection, replaced)) {
      drop(connection, replaced);
    }
    Database.execute(connection, dialect().settle(database.schema(), version, destination));
  }

  private boolean keepsTable(Connection connection, Entry live, Entry next) throws SQLException {
    return live.layout().mode() == next.layout().mode()
        && live.layout().key().equals(next.layout().key())
        && database.exists(connection, live.destination())
        && dialect().isExtended(connection, database.schema(), live.destination());
  }

  private TableLayout refill(Connection connection, Entry live, Entry next, String version)
      throws SQLException, IOException {
    String destination = live.destination();
    TableLayout layout =
        evolution.apply(connection, destination, destination, live.layout(), next.layout());
    String columns =
        String.join(", ", next.layout().names().stream().map(dialect()::quote).toList());
    String table = database.table(destination);
    Database.execute(
        connection,
        List.of(
            dialect().empty(table),
            "INSERT INTO %s (%s) SELECT %s FROM %s"
                .formatted(table, columns, columns, database.table(version))));
    return layout;
  }

  private void becomesLive(Connection connection, Optional<Entry> before, Entry next, Entry live)
      throws SQLException {
    if (before.isPresent()) {
      registry.remove(connection, before.get());
    }
    registry.put(connection, Optional.of(next), live);
  }

  private void drop(Connection connection, String name) throws SQLException {
    Database.execute(connection, List.of("DROP TABLE " + database.table(name)));
  }
}
