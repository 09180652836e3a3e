package dev.tapline.sink.jdbc.table;

import dev.tapline.sink.jdbc.dialect.api.TableColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The table for a stream with a certain schema: the fields in their order, then metadata.
///
/// @param destination the table's name
/// @param mode what it holds
/// @param fields the number of columns that are fields
/// @param columns all columns
/// @param key names of the columns that identify a row; empty when rows are only added
public record TablePlan(
    String destination, TableMode mode, int fields, List<PlannedColumn> columns, List<String> key) {

  /// Copies the lists.
  public TablePlan {
    columns = List.copyOf(columns);
    key = List.copyOf(key);
  }

  /// The name of a metadata column, if the table has one.
  public Optional<String> nameOf(MetadataField field) {
    return columns.stream()
        .filter(column -> column.metadata().equals(Optional.of(field)))
        .map(PlannedColumn::name)
        .findFirst();
  }

  /// The key's columns by their index.
  public List<Integer> keyIndexes() {
    List<Integer> indexes = new ArrayList<>();
    for (String name : key) {
      for (int i = 0; i < columns.size(); i++) {
        if (columns.get(i).name().equals(name)) {
          indexes.add(i);
        }
      }
    }
    return indexes;
  }

  /// The columns for `CREATE TABLE`.
  public List<TableColumn> tableColumns() {
    return columns.stream().map(PlannedColumn::inTable).toList();
  }

  /// The layout to store.
  public TableLayout layout() {
    return new TableLayout(
        mode,
        columns.stream()
            .map(column ->
                new TableLayout.Column(column.name(), column.type().sql(), column.nullable()))
            .toList(),
        key);
  }
}
