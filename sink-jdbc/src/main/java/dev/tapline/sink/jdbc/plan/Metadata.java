package dev.tapline.sink.jdbc.plan;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// Which metadata columns a table gets, and what they are called.
///
/// @param preset the set and its names
/// @param names other names, by the preset's; an empty one drops the column
/// @param deletes what becomes of deleted rows
public record Metadata(Preset preset, Map<String, String> names, Deletes deletes) {
  private static final Set<Role> CHANGES =
      EnumSet.of(Role.OPERATION, Role.COMMIT_POSITION, Role.INDEX, Role.UNCHANGED);

  /// Copies the names.
  public Metadata {
    names = Map.copyOf(names);
  }

  /// The columns of a table in their order, by what they say.
  ///
  /// @param mode what the table holds
  /// @param keyed whether the stream has a key
  public Map<Role, String> columns(Mode mode, boolean keyed) {
    Map<Role, String> columns = new LinkedHashMap<>();
    for (Role role : Role.values()) {
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

  private boolean has(Role role, Mode mode, boolean keyed) {
    boolean appended = mode == Mode.APPEND;
    return switch (role) {
      case ROW_KEY -> !keyed;
      case DELETED_AT -> appended ? preset != Preset.MINIMAL : deletes == Deletes.SOFT;
      case OPERATION, INDEX, UNCHANGED, TRANSACTION ->
          appended && (preset != Preset.MINIMAL || CHANGES.contains(role));
      case COMMIT_POSITION -> appended || preset == Preset.TAPLINE;
      default -> preset != Preset.MINIMAL;
    };
  }

  /// The names that could be renamed or dropped.
  public Set<String> known() {
    Set<String> known = new java.util.TreeSet<>();
    for (Role role : Role.values()) {
      if (!role.name(preset).isEmpty()) {
        known.add(role.name(preset));
      }
    }
    return known;
  }
}
