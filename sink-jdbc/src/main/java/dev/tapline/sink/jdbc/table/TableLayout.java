package dev.tapline.sink.jdbc.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A table as this sink has made it: what is remembered in the destination, and in commits.
///
/// @param mode what the table holds
/// @param columns its columns; others may have been added by hand
/// @param key the key's columns, empty for none
public record TableLayout(TableMode mode, List<Column> columns, List<String> key) {

  /// Copies the lists.
  public TableLayout {
    columns = List.copyOf(columns);
    key = List.copyOf(key);
  }

  /// A column.
  ///
  /// @param name its name
  /// @param sql its type
  /// @param nullable whether it may be NULL
  public record Column(String name, String sql, boolean nullable) {}

  /// A column by its name.
  public Optional<Column> column(String name) {
    return columns.stream().filter(column -> column.name().equals(name)).findFirst();
  }

  /// The names of the columns.
  public List<String> names() {
    return columns.stream().map(Column::name).toList();
  }

  /// The same with a column added, or in the place of the one of its name.
  public TableLayout with(Column column) {
    List<Column> changed = new ArrayList<>();
    boolean found = false;
    for (Column each : columns) {
      boolean same = each.name().equals(column.name());
      changed.add(same ? column : each);
      found |= same;
    }
    if (!found) {
      changed.add(column);
    }
    return new TableLayout(mode, changed, key);
  }

  /// As text, one word after the other.
  public Words write(Words words) {
    words.add(mode.name()).add(key.size());
    key.forEach(words::add);
    words.add(columns.size());
    for (Column column : columns) {
      words.add(column.name()).add(column.sql()).add(column.nullable() ? "null" : "value");
    }
    return words;
  }

  /// What [#write(Words)] wrote.
  public static TableLayout read(Words.Reader words) {
    TableMode mode = TableMode.valueOf(words.next());
    List<String> key = words.list();
    List<Column> columns = new ArrayList<>();
    int count = words.number();
    for (int i = 0; i < count; i++) {
      columns.add(new Column(words.next(), words.next(), words.next().equals("null")));
    }
    return new TableLayout(mode, columns, key);
  }
}
