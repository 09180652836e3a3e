package dev.tapline.sink.jdbc.table;

import dev.tapline.files.json.JsonCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// The columns of a table that this sink has created, as the ledger and commits store them.
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

  /// A copy in which a column is added, or replaces the one of the same name.
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

  /// The layout as JSON, as it is stored.
  public String text() {
    return JsonCodec.write(this::write);
  }

  /// Writes the properties of the JSON object.
  public void write(JsonGenerator json) {
    json.writeStringProperty("mode", mode.name());
    json.writeArrayPropertyStart("key");
    key.forEach(json::writeString);
    json.writeEndArray();
    json.writeArrayPropertyStart("columns");
    for (Column column : columns) {
      json.writeStartObject();
      json.writeStringProperty("name", column.name());
      json.writeStringProperty("type", column.sql());
      json.writeBooleanProperty("nullable", column.nullable());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /// Parses a stored layout, also one that precedes JSON.
  public static TableLayout parse(String text) {
    return LegacyText.matches(text) ? read(LegacyText.of(text)) : read(JsonCodec.read(text));
  }

  /// The layout that a JSON object holds.
  public static TableLayout read(Map<String, @Nullable Object> json) {
    if (!(json.get("columns") instanceof List<?> list)) {
      throw new IllegalArgumentException("'columns' is missing");
    }
    List<Column> columns = new ArrayList<>();
    for (Object each : list) {
      Map<String, @Nullable Object> column = JsonCodec.asObject(each);
      columns.add(
          new Column(
              JsonCodec.text(column, "name"),
              JsonCodec.text(column, "type"),
              Boolean.parseBoolean(JsonCodec.text(column, "nullable"))));
    }
    return new TableLayout(
        TableMode.valueOf(JsonCodec.text(json, "mode")), columns, JsonCodec.texts(json, "key"));
  }

  /// The layout in the next fields of a text that precedes JSON.
  public static TableLayout read(LegacyText fields) {
    TableMode mode = TableMode.valueOf(fields.next());
    List<String> key = fields.list();
    List<Column> columns = new ArrayList<>();
    for (long left = fields.number(); left > 0; left--) {
      columns.add(new Column(fields.next(), fields.next(), fields.next().equals("null")));
    }
    return new TableLayout(mode, columns, key);
  }
}
