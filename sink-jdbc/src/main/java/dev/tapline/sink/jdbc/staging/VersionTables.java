package dev.tapline.sink.jdbc.staging;

import dev.tapline.sink.jdbc.connection.Database;
import dev.tapline.sink.jdbc.dialect.api.Statements;
import dev.tapline.sink.jdbc.table.InternalTableNames;
import dev.tapline.sink.jdbc.table.TableLayout;
import dev.tapline.sink.jdbc.table.TablePlan;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Tables of versions that rows are loaded into before anybody sees them. Safe for use by several
/// threads.
public final class VersionTables {
  private final Database database;
  private final InternalTableNames names;
  private final Map<String, TableLayout> made = new HashMap<>();
  private final Set<String> prepared = new HashSet<>();

  /// @param names of the pipeline
  public VersionTables(Database database, InternalTableNames names) {
    this.database = database;
    this.names = names;
  }

  /// The table of a version, which is made when it is not there.
  ///
  /// @return its name
  synchronized String open(TablePlan plan, long version) throws IOException {
    String name = names.version(plan.destination(), version);
    if (!made.containsKey(name)) {
      List<String> key = database.dialect().keyAfterLoad() ? List.of() : plan.key();
      database.run(
          "making the table of a new version of '" + plan.destination() + "'",
          connection ->
              Statements.execute(
                  connection,
                  List.of(
                      database
                          .dialect()
                          .createTable(
                              database.table(name),
                              plan.tableColumns(),
                              database.dialect().traits().primaryKeys() ? key : List.of()))));
      made.put(name, plan.layout());
    }
    return name;
  }

  /// Whether the table of a version has the columns of a plan.
  synchronized boolean fits(TablePlan plan, long version) {
    TableLayout layout = made.get(names.version(plan.destination(), version));
    return layout == null || layout.equals(plan.layout());
  }

  /// Notes that a part is about to stand in the table of its version for good.
  ///
  /// @throws IOException if it may do so already, and was not committed: its rows would come twice
  synchronized void prepared(String destination, long version, String part) throws IOException {
    if (!prepared.add(key(destination, version) + part)) {
      throw new IOException(
          "destination '%s': the connection was lost while a part of its new version was committed, which may be there or not; run again, which begins the version anew"
              .formatted(destination));
    }
  }

  /// Notes that a part does not stand there, since the database refused it.
  synchronized void refused(String destination, long version, String part) {
    prepared.remove(key(destination, version) + part);
  }

  /// Notes that what was prepared of a version is committed.
  public synchronized void committed(String destination, long version) {
    String key = key(destination, version);
    prepared.removeIf(part -> part.startsWith(key));
  }

  /// Forgets the versions, whose tables are gone.
  public synchronized void forget() {
    made.clear();
    prepared.clear();
  }

  private static String key(String destination, long version) {
    return destination + "\n" + version + "\n";
  }
}
