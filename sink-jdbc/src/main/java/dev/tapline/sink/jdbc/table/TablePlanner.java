package dev.tapline.sink.jdbc.table;

import dev.tapline.sink.jdbc.dialect.api.ColumnType;
import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.dialect.api.ParameterType;
import dev.tapline.sink.jdbc.dialect.api.ValueLimit;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Plans the tables of streams.
///
/// @param dialect the database whose types are used
/// @param metadata the metadata columns
/// @param special what happens to values that a type cannot hold
/// @param modes patterns of destinations, with what their tables hold; the first that matches
///   counts
/// @param textColumns patterns of `destination.column` for columns that are text
public record TablePlanner(
    Dialect dialect,
    MetadataColumns metadata,
    SpecialValuePolicy special,
    Map<String, TableMode> modes,
    List<String> textColumns) {

  /// A copy with another dialect.
  public TablePlanner with(Dialect other) {
    return new TablePlanner(other, metadata, special, modes, textColumns);
  }

  /// The table of a destination whose rows have a schema.
  public TablePlan plan(String destination, Schema schema) {
    TableMode mode = mode(destination, schema);
    List<String> key = mode == TableMode.MERGE ? schema.key() : List.of();
    List<PlannedColumn> columns = new ArrayList<>();
    Map<String, ColumnType> keyTypes = keyTypes(destination, schema, key);
    for (Field field : schema.fields()) {
      boolean inKey = key.contains(field.name());
      columns.add(
          new PlannedColumn(
              field.name(),
              field.type(),
              inKey ? type(keyTypes, field.name()) : type(destination, field),
              // Of a delete only the key is known, and appended tables hold deletes.
              mode == TableMode.APPEND || (field.nullable() && !inKey),
              Optional.empty()));
    }
    List<String> generated = new ArrayList<>(key);
    metadata
        .columns(mode, !schema.key().isEmpty())
        .forEach((role, name) -> {
          Field field = Field.of(name, role.type(), "");
          boolean isKey = role == MetadataField.ROW_KEY && dialect.traits().primaryKeys();
          columns.add(
              new PlannedColumn(
                  name, role.type(), dialect.type(field, isKey), !isKey, Optional.of(role)));
          if (isKey) {
            generated.add(name);
          }
        });
    return new TablePlan(destination, mode, schema.size(), columns, generated);
  }

  /// What the table of a destination holds.
  public TableMode mode(String destination, Schema schema) {
    if (schema.key().isEmpty()) {
      return TableMode.APPEND;
    }
    return modes.entrySet().stream()
        .filter(entry -> NamePattern.matches(entry.getKey(), destination))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(TableMode.MERGE);
  }

  private ColumnType type(String destination, Field field) {
    if (isText(destination, field)) {
      return dialect.text(false);
    }
    ColumnType type = dialect.type(field, false);
    return special == SpecialValuePolicy.TEXT && !type.limit().equals(ValueLimit.NONE)
        ? dialect.text(false)
        : type;
  }

  private static ColumnType type(Map<String, ColumnType> types, String name) {
    ColumnType type = types.get(name);
    if (type == null) {
      throw new IllegalStateException("no type for the column " + name + " of the key");
    }
    return type;
  }

  private boolean isText(String destination, Field field) {
    String column = destination + "." + field.name();
    return textColumns.stream().anyMatch(pattern -> NamePattern.matches(pattern, column));
  }

  /// The types of a key's columns, by their names.
  private Map<String, ColumnType> keyTypes(String destination, Schema schema, List<String> key) {
    List<Field> fields = new ArrayList<>();
    for (String name : key) {
      Field field = schema.fields().get(schema.indexOf(name));
      ColumnType type = dialect.type(field, true);
      boolean text =
          isText(destination, field)
              || (special == SpecialValuePolicy.TEXT
                  && !type.limit().equals(ValueLimit.NONE)
                  && type.parameterType() != ParameterType.TEXT);
      // As a text it may be longer than it was declared to be.
      fields.add(text ? Field.of(name, DataType.Scalar.TEXT, "") : field);
    }
    List<ColumnType> types = dialect.keyTypes(fields);
    Map<String, ColumnType> byName = new LinkedHashMap<>();
    for (int i = 0; i < types.size(); i++) {
      byName.put(key.get(i), types.get(i));
    }
    return byName;
  }
}
