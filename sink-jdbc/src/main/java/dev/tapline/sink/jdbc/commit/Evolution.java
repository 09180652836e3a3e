package dev.tapline.sink.jdbc.commit;

import dev.tapline.sink.jdbc.database.Database;
import dev.tapline.sink.jdbc.dialect.Binding;
import dev.tapline.sink.jdbc.dialect.ColumnType;
import dev.tapline.sink.jdbc.dialect.Dialect;
import dev.tapline.sink.jdbc.dialect.TableColumn;
import dev.tapline.sink.jdbc.plan.Layout;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Changes a table so that it holds rows of another schema: adds columns, widens types, lets
/// columns be NULL. Columns that the rows have not got stay.
final class Evolution {
  private final Database database;
  private final Dialect dialect;

  Evolution(Database database) {
    this.database = database;
    this.dialect = database.dialect();
  }

  /// A column as it is in statements.
  static TableColumn column(Layout.Column column) {
    return new TableColumn(
        column.name(), ColumnType.of(column.sql(), Binding.TEXT), column.nullable(), ',');
  }

  static List<TableColumn> columns(Layout layout) {
    return layout.columns().stream().map(Evolution::column).toList();
  }

  /// @param destination the table's name for people
  /// @param name what the table is called
  /// @return the layout that the table then has
  Layout apply(Connection connection, String destination, String name, Layout before, Layout wanted)
      throws SQLException, IOException {
    requireSame(destination, before, wanted);
    String table = database.table(name);
    List<String> statements = new ArrayList<>();
    Layout after = before;
    Set<String> there = new HashSet<>();
    for (Layout.Column column : wanted.columns()) {
      Optional<Layout.Column> known = before.column(column.name());
      if (known.isEmpty()) {
        if (there.isEmpty()) {
          there.addAll(columnsOf(connection, name));
        }
        if (!there.contains(column.name())) {
          statements.add(dialect.addColumn(table, column(column)));
        }
        after = after.with(new Layout.Column(column.name(), column.sql(), true));
      } else {
        after = after.with(change(destination, table, known.get(), column, after, statements));
      }
    }
    for (Layout.Column column : before.columns()) {
      if (!column.nullable() && wanted.column(column.name()).isEmpty()) {
        after = after.with(allowNull(destination, table, column, statements));
      }
    }
    Database.execute(connection, statements);
    return after;
  }

  private static void requireSame(String destination, Layout before, Layout wanted)
      throws IOException {
    if (before.mode() != wanted.mode() || !before.key().equals(wanted.key())) {
      throw new IOException(
          "destination '%s': its table was made to %s by the key %s, and is now to %s by %s; reset the stream to make it anew"
              .formatted(destination, word(before), before.key(), word(wanted), wanted.key()));
    }
  }

  private static String word(Layout layout) {
    return layout.mode().name().toLowerCase(java.util.Locale.ROOT);
  }

  private Layout.Column change(
      String destination,
      String table,
      Layout.Column known,
      Layout.Column wanted,
      Layout layout,
      List<String> statements)
      throws IOException {
    Layout.Column changed = known;
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
      changed = new Layout.Column(known.name(), sql, known.nullable());
    }
    return wanted.nullable() && !changed.nullable()
        ? allowNull(destination, table, changed, statements)
        : changed;
  }

  private Layout.Column allowNull(
      String destination, String table, Layout.Column column, List<String> statements)
      throws IOException {
    Optional<String> statement = dialect.allowNull(table, column.name(), column.sql());
    if (statement.isEmpty()) {
      throw new IOException(
          "destination '%s': column '%s' was made NOT NULL, is NULL now, and %s cannot change that; reset the stream to make the table anew"
              .formatted(destination, column.name(), dialect.name()));
    }
    statements.add(statement.get());
    return new Layout.Column(column.name(), column.sql(), true);
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
