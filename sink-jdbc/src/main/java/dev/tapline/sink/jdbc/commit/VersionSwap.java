package dev.tapline.sink.jdbc.commit;

import dev.tapline.sink.jdbc.commit.TableVersion.State;
import dev.tapline.sink.jdbc.connection.Database;
import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.dialect.api.Statements;
import dev.tapline.sink.jdbc.table.InternalTableNames;
import dev.tapline.sink.jdbc.table.TableLayout;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Replaces live tables by complete versions: the new table takes the name of the old one. Where
/// users have added something to the old table that would be lost with it, the table stays and only
/// its rows are replaced.
final class VersionSwap {
  private final Database database;
  private final InternalTableNames names;
  private final Ledger ledger;
  private final SchemaEvolution evolution;

  VersionSwap(Database database, InternalTableNames names, Ledger ledger) {
    this.database = database;
    this.names = names;
    this.ledger = ledger;
    this.evolution = new SchemaEvolution(database);
  }

  private Dialect dialect() {
    return database.dialect();
  }

  /// Swaps one version in. Steps that an interrupted run has completed are not repeated.
  void swap(Connection connection, TableVersion next) throws SQLException, IOException {
    String destination = next.destination();
    String version = names.version(destination, next.version());
    Optional<TableVersion> live = TableVersion.live(ledger.versions(connection, destination));
    boolean there = database.exists(connection, version);
    if (there && live.isPresent() && keepsTable(connection, live.get(), next)) {
      TableLayout layout = refill(connection, live.get(), next, version);
      becomesLive(connection, live, next, next.with(State.LIVE).with(layout));
      drop(connection, version);
      return;
    }
    String replaced = names.replaced(destination, next.version());
    if (there) {
      List<Dialect.Rename> renames = new ArrayList<>();
      List<String> statements = new ArrayList<>();
      if (database.exists(connection, destination)) {
        statements.addAll(
            dialect().copyPrivileges(connection, database.schema(), destination, version));
        renames.add(new Dialect.Rename(destination, replaced));
      }
      renames.add(new Dialect.Rename(version, destination));
      statements.addAll(dialect().rename(database.schema(), renames));
      Statements.execute(connection, statements);
    }
    becomesLive(connection, live, next, next.with(State.LIVE));
    if (database.exists(connection, replaced)) {
      drop(connection, replaced);
    }
    Statements.execute(connection, dialect().afterSwap(database.schema(), version, destination));
  }

  private boolean keepsTable(Connection connection, TableVersion live, TableVersion next)
      throws SQLException {
    return live.layout().mode() == next.layout().mode()
        && live.layout().key().equals(next.layout().key())
        && database.exists(connection, live.destination())
        && dialect().hasDependents(connection, database.schema(), live.destination());
  }

  private TableLayout refill(
      Connection connection, TableVersion live, TableVersion next, String version)
      throws SQLException, IOException {
    String destination = live.destination();
    TableLayout layout =
        evolution.apply(connection, destination, destination, live.layout(), next.layout());
    String columns =
        String.join(", ", next.layout().names().stream().map(dialect()::quote).toList());
    String table = database.table(destination);
    Statements.execute(
        connection,
        List.of(
            dialect().deleteAll(table),
            "INSERT INTO %s (%s) SELECT %s FROM %s"
                .formatted(table, columns, columns, database.table(version))));
    return layout;
  }

  private void becomesLive(
      Connection connection, Optional<TableVersion> before, TableVersion next, TableVersion live)
      throws SQLException {
    if (before.isPresent()) {
      ledger.remove(connection, before.get());
    }
    ledger.put(connection, Optional.of(next), live);
  }

  private void drop(Connection connection, String name) throws SQLException {
    Statements.execute(connection, List.of("DROP TABLE " + database.table(name)));
  }
}
