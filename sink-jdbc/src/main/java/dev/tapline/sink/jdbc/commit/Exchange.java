package dev.tapline.sink.jdbc.commit;

import dev.tapline.sink.jdbc.commit.Registry.Entry;
import dev.tapline.sink.jdbc.commit.Registry.State;
import dev.tapline.sink.jdbc.database.Database;
import dev.tapline.sink.jdbc.database.Names;
import dev.tapline.sink.jdbc.dialect.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Puts versions that are complete in the place of those that people see.
final class Exchange {
  private final Database database;
  private final Names names;
  private final Registry registry;

  Exchange(Database database, Names names, Registry registry) {
    this.database = database;
    this.names = names;
    this.registry = registry;
  }

  /// Does it. Whatever of it was done before is not done again.
  void exchange(Connection connection, Entry next) throws SQLException {
    String destination = next.destination();
    String version = names.version(destination, next.generation());
    String replaced = names.replaced(destination, next.generation());
    if (database.exists(connection, version)) {
      List<Dialect.Rename> renames = new ArrayList<>();
      if (database.exists(connection, destination)) {
        renames.add(new Dialect.Rename(destination, replaced));
      }
      renames.add(new Dialect.Rename(version, destination));
      Database.execute(connection, database.dialect().rename(database.schema(), renames));
    }
    Optional<Entry> live = Registry.live(registry.entries(connection, destination));
    if (live.isPresent()) {
      registry.remove(connection, live.get());
    }
    registry.put(connection, Optional.of(next), next.with(State.LIVE));
    if (database.exists(connection, replaced)) {
      Database.execute(connection, List.of("DROP TABLE " + database.table(replaced)));
    }
    Database.execute(
        connection, database.dialect().settle(database.schema(), version, destination));
  }
}
