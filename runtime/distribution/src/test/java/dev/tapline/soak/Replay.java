package dev.tapline.soak;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Rebuilds a table from rows and changes in their order, as the documents say: puts `r` and `i`,
/// merges `u`, removes `d`, empties at `t`.
final class Replay {
  /// A row or a change.
  ///
  /// @param values without those that the log did not carry
  record Entry(String operation, Map<String, @Nullable String> values) {}

  private final Map<String, Map<String, @Nullable String>> rows = new HashMap<>();
  private Map<String, @Nullable String> removed = Map.of();

  private Replay() {}

  /// The rows by `id`.
  static Map<String, Map<String, @Nullable String>> of(List<Entry> entries) {
    Replay replay = new Replay();
    entries.forEach(replay::apply);
    return replay.rows;
  }

  private void apply(Entry entry) {
    String id = String.valueOf(entry.values().get("id"));
    switch (entry.operation()) {
      case "t" -> rows.clear();
      case "r" -> rows.put(id, new HashMap<>(entry.values()));
      case "i" -> {
        // After a changed key, what the log did not carry is the old row's.
        Map<String, @Nullable String> row =
            entry.values().containsKey("large") ? new HashMap<>() : new HashMap<>(removed);
        row.putAll(entry.values());
        rows.put(id, row);
      }
      case "u" -> rows.computeIfAbsent(id, _ -> new HashMap<>()).putAll(entry.values());
      case "d" -> {
        Map<String, @Nullable String> row = rows.remove(id);
        removed = row == null ? Map.of() : row;
      }
      default -> throw new AssertionError("an operation '" + entry.operation() + "'");
    }
  }
}
