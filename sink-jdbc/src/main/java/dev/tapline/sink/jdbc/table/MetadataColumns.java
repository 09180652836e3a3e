package dev.tapline.sink.jdbc.table;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The metadata columns of tables.
///
/// @param preset which columns, and their names
/// @param names other names, by those of the preset; an empty one drops the column
/// @param deletes what happens to deleted rows
public record MetadataColumns(
    MetadataPreset preset, Map<String, String> names, DeleteMode deletes) {
  private static final Set<MetadataField> CHANGES =
      EnumSet.of(
          MetadataField.OPERATION,
          MetadataField.COMMIT_POSITION,
          MetadataField.INDEX,
          MetadataField.UNCHANGED);

  /// Copies the names.
  public MetadataColumns {
    names = Map.copyOf(names);
  }

  /// The names of a table's metadata columns, in their order.
  ///
  /// @param mode what the table holds
  /// @param keyed whether the stream has a key
  public Map<MetadataField, String> columns(TableMode mode, boolean keyed) {
    Map<MetadataField, String> columns = new LinkedHashMap<>();
    for (MetadataField role : MetadataField.values()) {
      String name = role.name(preset);
      if (!name.isEmpty() && has(role, mode, keyed)) {
        String wanted = names.getOrDefault(name, name);
        if (!wanted.isEmpty()) {
          columns.put(role, wanted);
        }
      }
    }
    return columns;
  }

  private boolean has(MetadataField role, TableMode mode, boolean keyed) {
    boolean appended = mode == TableMode.APPEND;
    return switch (role) {
      case ROW_KEY -> !keyed;
      case DELETED_AT -> appended ? preset != MetadataPreset.MINIMAL : deletes == DeleteMode.SOFT;
      case OPERATION, INDEX, UNCHANGED, TRANSACTION ->
          appended && (preset != MetadataPreset.MINIMAL || CHANGES.contains(role));
      case COMMIT_POSITION -> appended || preset == MetadataPreset.TAPLINE;
      default -> preset != MetadataPreset.MINIMAL;
    };
  }

  /// The names that can be changed.
  public Set<String> known() {
    Set<String> known = new TreeSet<>();
    for (MetadataField role : MetadataField.values()) {
      if (!role.name(preset).isEmpty()) {
        known.add(role.name(preset));
      }
    }
    return known;
  }
}
