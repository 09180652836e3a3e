package dev.tapline.sink.jdbc.plan;

import dev.tapline.sink.jdbc.dialect.ColumnType;
import dev.tapline.sink.jdbc.dialect.Dialect;
import dev.tapline.sink.jdbc.dialect.Limit;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes the plans of tables.
///
/// @param dialect whose types
/// @param metadata what stands beside the data
/// @param special what becomes of values that a type cannot hold
/// @param modes patterns of destinations, with what their tables hold; the first that matches
///   counts
/// @param textColumns patterns of `destination.column` for columns that are text
public record Planner(
    Dialect dialect,
    Metadata metadata,
    SpecialValues special,
    Map<String, Mode> modes,
    List<String> textColumns) {

  /// The same with another dialect.
  public Planner with(Dialect other) {
    return new Planner(other, metadata, special, modes, textColumns);
  }

  /// The table of a destination whose rows have a schema.
  public TablePlan plan(String destination, Schema schema) {
    Mode mode = mode(destination, schema);
    List<String> key = mode == Mode.MERGE ? schema.key() : List.of();
    List<PlannedColumn> columns = new ArrayList<>();
    for (Field field : schema.fields()) {
      boolean inKey = key.contains(field.name());
      columns.add(
          new PlannedColumn(
              field.name(),
              field.type(),
              type(destination, field, inKey),
              // Of a delete only the key is known, and a history has deletes.
              mode == Mode.APPEND || (field.nullable() && !inKey),
              // box is the one type whose arrays have another delimiter.
              field.sourceType().startsWith("box[") ? ';' : ',',
              Optional.empty()));
    }
    List<String> generated = new ArrayList<>(key);
    metadata
        .columns(mode, !schema.key().isEmpty())
        .forEach((role, name) -> {
          Field field = Field.of(name, role.type(), "");
          boolean isKey = role == Role.ROW_KEY && dialect.traits().key();
          columns.add(
              new PlannedColumn(
                  name, role.type(), dialect.type(field, isKey), !isKey, ',', Optional.of(role)));
          if (isKey) {
            generated.add(name);
          }
        });
    return new TablePlan(destination, mode, schema.size(), columns, generated);
  }

  /// What the table of a destination holds.
  public Mode mode(String destination, Schema schema) {
    if (schema.key().isEmpty()) {
      return Mode.APPEND;
    }
    return modes.entrySet().stream()
        .filter(entry -> Patterns.matches(entry.getKey(), destination))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(Mode.MERGE);
  }

  private ColumnType type(String destination, Field field, boolean key) {
    String column = destination + "." + field.name();
    if (textColumns.stream().anyMatch(pattern -> Patterns.matches(pattern, column))) {
      return dialect.text(key);
    }
    ColumnType type = dialect.type(field, key);
    return special == SpecialValues.TEXT && !type.limit().equals(Limit.NONE)
        ? dialect.text(key)
        : type;
  }
}
