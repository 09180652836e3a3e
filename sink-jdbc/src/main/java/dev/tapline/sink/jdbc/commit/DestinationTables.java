package dev.tapline.sink.jdbc.commit;

import dev.tapline.sink.jdbc.commit.TableVersion.State;
import dev.tapline.sink.jdbc.connection.Database;
import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.dialect.api.Statements;
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

/// Creates and alters the tables of a pipeline and of their versions.
final class DestinationTables {
  private final Database database;
  private final InternalTableNames names;
  private final Ledger ledger;
  private final SchemaEvolution evolution;
  private final String pipeline;
  private final String rejectedTable;
  private final boolean keepsRejected;

  /// @param rejectedTable the table of rejected rows
  /// @param keepsRejected whether merging may reject rows into it
  DestinationTables(
      Database database,
      InternalTableNames names,
      Ledger ledger,
      String pipeline,
      String rejectedTable,
      boolean keepsRejected) {
    this.database = database;
    this.names = names;
    this.ledger = ledger;
    this.evolution = new SchemaEvolution(database);
    this.pipeline = pipeline;
    this.rejectedTable = rejectedTable;
    this.keepsRejected = keepsRejected;
  }

  private Dialect dialect() {
    return database.dialect();
  }

  /// Creates and alters the tables that staged rows are for.
  ///
  /// @param atomic whether all steps of the checkpoint are one transaction
  void prepare(Connection connection, List<StagedRows> staged, boolean atomic)
      throws SQLException, IOException {
    ledger.create(connection);
    boolean needed =
        keepsRejected || staged.stream().anyMatch(each -> each.kind() == StagedRows.Kind.REFUSED);
    if (needed && !database.exists(connection, rejectedTable)) {
      create(connection, rejectedTable, new RejectedRows(dialect()).layout(), List.of());
    }
    for (StagedRows each : staged) {
      if (each.kind() != StagedRows.Kind.REFUSED) {
        prepareTable(connection, each, atomic);
      }
    }
  }

  private void prepareTable(Connection connection, StagedRows staged, boolean atomic)
      throws SQLException, IOException {
    List<TableVersion> versions = ledger.versions(connection, staged.destination());
    requireOwn(staged.destination(), versions);
    Optional<TableVersion> hidden = TableVersion.hidden(versions, staged.version());
    boolean replace = staged.mode() == WriteMode.REPLACE;
    Optional<TableVersion> target =
        replace || hidden.isPresent() ? hidden : TableVersion.live(versions);
    if (target.isPresent()) {
      evolve(connection, target.get(), staged, atomic);
      return;
    }
    if (TableVersion.live(versions).isEmpty()
        && database.exists(connection, staged.destination())) {
      throw new IOException(foreign(staged.destination()));
    }
    TableVersion added =
        new TableVersion(
            staged.destination(),
            staged.version(),
            pipeline,
            replace ? State.LOADING : State.LIVE,
            staged.layout());
    // The ledger comes first: where CREATE TABLE commits, it must know the table already.
    ledger.put(connection, Optional.empty(), added);
    if (!database.exists(connection, nameOf(added))) {
      create(connection, nameOf(added), staged.layout(), keyOf(added));
    }
  }

  private void evolve(
      Connection connection, TableVersion version, StagedRows staged, boolean atomic)
      throws SQLException, IOException {
    String name = nameOf(version);
    // A crash may have come between the ledger's entry and the table.
    if (!atomic && !database.exists(connection, name)) {
      create(connection, name, version.layout(), keyOf(version));
    }
    TableLayout after =
        evolution.apply(connection, staged.destination(), name, version.layout(), staged.layout());
    if (!after.equals(version.layout())) {
      ledger.put(connection, Optional.of(version), version.with(after));
    }
  }

  private List<String> keyOf(TableVersion version) {
    boolean later = dialect().keyAfterLoad() && version.state() == State.LOADING;
    return dialect().traits().primaryKeys() && !later ? version.layout().key() : List.of();
  }

  private void create(Connection connection, String name, TableLayout layout, List<String> key)
      throws SQLException {
    Statements.execute(
        connection,
        List.of(dialect().createTable(database.table(name), SchemaEvolution.columns(layout), key)));
  }

  private void requireOwn(String destination, List<TableVersion> versions) throws IOException {
    for (TableVersion version : versions) {
      if (!version.owner().equals(pipeline)) {
        throw new IOException(
            "destination '%s': its table is written by the pipeline '%s'; give the stream another name with 'as'"
                .formatted(destination, version.owner()));
      }
    }
  }

  private static String foreign(String destination) {
    return "destination '%s': there is a table of that name, which Tapline has not made; drop it, or give the stream another name with 'as'"
        .formatted(destination);
  }

  /// The name of a version's table.
  String nameOf(TableVersion version) {
    return version.state() == State.LIVE
        ? version.destination()
        : names.version(version.destination(), version.version());
  }

  /// Adds the key to the table of a version, unless it has it already.
  TableVersion addKey(Connection connection, TableVersion version)
      throws SQLException, IOException {
    if (version.state() != State.LOADING) {
      return version;
    }
    List<String> key = version.layout().key();
    if (dialect().keyAfterLoad() && !key.isEmpty()) {
      try {
        Statements.execute(
            connection, List.of(dialect().addKey(database.table(nameOf(version)), key)));
      } catch (SQLException e) {
        throw new IOException(
            "destination '%s': its rows cannot have the key %s: %s"
                .formatted(version.destination(), key, e.getMessage()),
            e);
      }
    }
    TableVersion keyed = version.with(State.KEYED);
    ledger.put(connection, Optional.of(version), keyed);
    return keyed;
  }
}
