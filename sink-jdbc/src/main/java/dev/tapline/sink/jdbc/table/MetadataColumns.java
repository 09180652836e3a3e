package dev.tapline.sink.jdbc.table;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// Which metadata columns a table gets, and what they are called.
///
/// @param preset the set and its names
/// @param names other names, by the preset's; an empty one drops the column
/// @param deletes what becomes of deleted rows
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

  /// The columns of a table in their order, by what they say.
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

  /// The names that could be renamed or dropped.
  public Set<String> known() {
    Set<String> known = new java.util.TreeSet<>();
    for (MetadataField role : MetadataField.values()) {
      if (!role.name(preset).isEmpty()) {
        known.add(role.name(preset));
      }
    }
    return known;
  }
}
