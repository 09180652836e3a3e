package dev.tapline.sink.jdbc.commit;

import dev.tapline.sink.jdbc.connection.Database;
import dev.tapline.sink.jdbc.dialect.api.ColumnType;
import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.dialect.api.ParameterType;
import dev.tapline.sink.jdbc.dialect.api.Statements;
import dev.tapline.sink.jdbc.dialect.api.TableColumn;
import dev.tapline.sink.jdbc.table.TableLayout;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Alters a table so that it can hold rows of another schema: adds columns, widens types, drops NOT
/// NULL. Columns that the rows do not have stay.
final class SchemaEvolution {
  private final Database database;
  private final Dialect dialect;

  SchemaEvolution(Database database) {
    this.database = database;
    this.dialect = database.dialect();
  }

  /// A column as it is in statements.
  static TableColumn column(TableLayout.Column column) {
    return new TableColumn(
        column.name(), ColumnType.of(column.sql(), ParameterType.TEXT), column.nullable());
  }

  static List<TableColumn> columns(TableLayout layout) {
    return layout.columns().stream().map(SchemaEvolution::column).toList();
  }

  /// @param destination the table's name for people
  /// @param name what the table is called
  /// @return the layout that the table then has
  TableLayout apply(
      Connection connection,
      String destination,
      String name,
      TableLayout before,
      TableLayout wanted)
      throws SQLException, IOException {
    requireSame(destination, before, wanted);
    String table = database.table(name);
    List<String> statements = new ArrayList<>();
    TableLayout after = before;
    Set<String> there = new HashSet<>();
    for (TableLayout.Column column : wanted.columns()) {
      Optional<TableLayout.Column> known = before.column(column.name());
      if (known.isEmpty()) {
        if (there.isEmpty()) {
          there.addAll(columnsOf(connection, name));
        }
        if (!there.contains(column.name())) {
          statements.add(dialect.addColumn(table, column(column)));
        }
        after = after.with(new TableLayout.Column(column.name(), column.sql(), true));
      } else {
        after = after.with(change(destination, table, known.get(), column, after, statements));
      }
    }
    for (TableLayout.Column column : before.columns()) {
      if (!column.nullable() && wanted.column(column.name()).isEmpty()) {
        after = after.with(allowNull(destination, table, column, statements));
      }
    }
    Statements.execute(connection, statements);
    return after;
  }

  private static void requireSame(String destination, TableLayout before, TableLayout wanted)
      throws IOException {
    if (before.mode() != wanted.mode() || !before.key().equals(wanted.key())) {
      throw new IOException(
          "destination '%s': its table was made to %s by the key %s, and is now to %s by %s; reset the stream to make it anew"
              .formatted(destination, word(before), before.key(), word(wanted), wanted.key()));
    }
  }

  private static String word(TableLayout layout) {
    return layout.mode().name().toLowerCase(java.util.Locale.ROOT);
  }

  private TableLayout.Column change(
      String destination,
      String table,
      TableLayout.Column known,
      TableLayout.Column wanted,
      TableLayout layout,
      List<String> statements)
      throws IOException {
    TableLayout.Column changed = known;
    if (!dialect.holds(known.sql(), wanted.sql())) {
      boolean key = layout.key().contains(known.name());
      String sql =
          dialect.holds(wanted.sql(), known.sql()) ? wanted.sql() : dialect.text(key).sql();
      Optional<String> statement =
          key
              ? dialect.widenKey(table, known.name(), sql)
              : dialect.widen(table, known.name(), sql);
      if (statement.isEmpty()) {
        throw new IOException(
            "destination '%s': column '%s' is %s, its values are now %s, and %s cannot change a column's type; reset the stream to make the table anew"
                .formatted(destination, known.name(), known.sql(), wanted.sql(), dialect.name()));
      }
      statements.add(statement.get());
      changed = new TableLayout.Column(known.name(), sql, known.nullable());
    }
    return wanted.nullable() && !changed.nullable()
        ? allowNull(destination, table, changed, statements)
        : changed;
  }

  private TableLayout.Column allowNull(
      String destination, String table, TableLayout.Column column, List<String> statements)
      throws IOException {
    Optional<String> statement = dialect.allowNull(table, column.name(), column.sql());
    if (statement.isEmpty()) {
      throw new IOException(
          "destination '%s': column '%s' was made NOT NULL, is NULL now, and %s cannot change that; reset the stream to make the table anew"
              .formatted(destination, column.name(), dialect.name()));
    }
    statements.add(statement.get());
    return new TableLayout.Column(column.name(), column.sql(), true);
  }

  private Set<String> columnsOf(Connection connection, String name) throws SQLException {
    Set<String> names = new HashSet<>();
    try (var statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT * FROM " + database.table(name) + " WHERE 1 = 0")) {
      for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
        names.add(rows.getMetaData().getColumnName(i));
      }
    }
    return names;
  }
}
