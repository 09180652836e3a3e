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

/// Tables of new versions, into which rows are loaded directly. Safe for use by several threads.
public final class VersionTables {
  private final Database database;
  private final InternalTableNames names;
  private final Map<String, TableLayout> created = new HashMap<>();
  private final Set<String> prepared = new HashSet<>();

  /// @param names of the pipeline
  public VersionTables(Database database, InternalTableNames names) {
    this.database = database;
    this.names = names;
  }

  /// Creates the table of a version unless that was done before.
  ///
  /// @return its name
  synchronized String open(TablePlan plan, long version) throws IOException {
    String name = names.version(plan.destination(), version);
    if (!created.containsKey(name)) {
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
      created.put(name, plan.layout());
    }
    return name;
  }

  /// Returns true if the table of a version has the columns of a plan.
  synchronized boolean fits(TablePlan plan, long version) {
    TableLayout layout = created.get(names.version(plan.destination(), version));
    return layout == null || layout.equals(plan.layout());
  }

  /// Notes that the rows of a part are about to be committed to the table of its version.
  ///
  /// @throws IOException if they may be there already: they would be loaded twice
  synchronized void prepared(String destination, long version, String part) throws IOException {
    if (!prepared.add(key(destination, version) + part)) {
      throw new IOException(
          "destination '%s': the connection was lost while a part of its new version was committed, which may be there or not; run again, which begins the version anew"
              .formatted(destination));
    }
  }

  /// Notes that the rows of a part are not there, since the database has not committed them.
  synchronized void notPrepared(String destination, long version, String part) {
    prepared.remove(key(destination, version) + part);
  }

  /// Notes that the checkpoint of a version's parts is committed.
  public synchronized void committed(String destination, long version) {
    String key = key(destination, version);
    prepared.removeIf(part -> part.startsWith(key));
  }

  /// Forgets all versions, since their tables have been dropped.
  public synchronized void forget() {
    created.clear();
    prepared.clear();
  }

  private static String key(String destination, long version) {
    return destination + "\n" + version + "\n";
  }
}
