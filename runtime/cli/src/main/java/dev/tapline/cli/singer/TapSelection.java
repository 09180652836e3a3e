package dev.tapline.cli.singer;

import dev.tapline.engine.select.NamePattern;
import dev.tapline.spi.catalog.StreamName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A catalog's selection over a configuration's `streams`: the catalog says which tables and
/// columns are read, and by which method and key. What it has no word for (`lookback`,
/// `primary-key`, the columns that are offered at all) holds as the most specific entry of the
/// configuration says.
///
/// @param catalog what is selected
record TapSelection(TapCatalog catalog) {
  private static final String COLUMNS = "columns";
  private static final String INCLUDE = "include";
  private static final String EXCLUDE = "exclude";

  /// What chooses tables, which the catalog has done.
  private static final Set<String> OF_THE_CHOICE = Set.of("table", "view", EXCLUDE, COLUMNS);

  /// The entries to read.
  ///
  /// @param configured the configuration's entries as they were read; what is none of such is left
  ///   to the catalog
  List<Map<String, @Nullable Object>> over(@Nullable Object configured) {
    List<Map<String, @Nullable Object>> entries = new ArrayList<>();
    for (TapCatalog.Entry selected : catalog.entries()) {
      Map<String, @Nullable Object> entry = new LinkedHashMap<>(selected.values());
      Map<?, ?> base = base(configured, selected);
      base.forEach((key, value) -> {
        if (key instanceof String name && !OF_THE_CHOICE.contains(name)) {
          entry.putIfAbsent(name, value);
        }
      });
      Map<String, List<?>> columns = columns(base.get(COLUMNS), entry.get(COLUMNS));
      if (!columns.isEmpty()) {
        entry.put(COLUMNS, columns);
      }
      entries.add(entry);
    }
    return entries;
  }

  private static Map<?, ?> base(@Nullable Object configured, TapCatalog.Entry selected) {
    Map<?, ?> base = Map.of();
    int specificity = -1;
    for (Object each : configured instanceof List<?> list ? list : List.of()) {
      if (each instanceof Map<?, ?> entry
          && entry.get(selected.isView() ? "view" : "table") instanceof String text) {
        int found = specificity(text, selected.name());
        if (found > specificity) {
          specificity = found;
          base = entry;
        }
      }
    }
    return base;
  }

  /// How specific a pattern is that means a stream; below 0 where it means another, or none.
  private static int specificity(String text, StreamName name) {
    try {
      NamePattern pattern = NamePattern.parse(text);
      return pattern.matches(name) ? pattern.specificity() : -1;
    } catch (IllegalArgumentException e) {
      return -1; // the catalog was made of other entries than this one
    }
  }

  private static Map<String, List<?>> columns(@Nullable Object offered, @Nullable Object selected) {
    Map<String, List<?>> columns = new LinkedHashMap<>();
    List<?> included = names(offered, INCLUDE);
    if (!included.isEmpty()) {
      columns.put(INCLUDE, included);
    }
    Set<Object> excluded = new LinkedHashSet<>(names(offered, EXCLUDE));
    excluded.addAll(names(selected, EXCLUDE));
    if (!excluded.isEmpty()) {
      columns.put(EXCLUDE, List.copyOf(excluded));
    }
    return columns;
  }

  private static List<?> names(@Nullable Object columns, String key) {
    Object names = columns instanceof Map<?, ?> map ? map.get(key) : null;
    return switch (names) {
      case List<?> list -> list;
      case String name -> List.of(name);
      case null, default -> List.of();
    };
  }
}
