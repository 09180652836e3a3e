package dev.tapline.testkit;

import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.sink.Capability;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a destination must show after a number of rows, given what its sink can do.
final class Expectation {
  private final Set<Capability> capabilities;
  private final List<Map<String, @Nullable Object>> rows = new ArrayList<>();

  Expectation(Set<Capability> capabilities) {
    this.capabilities = capabilities;
  }

  /// Takes the batch's rows into account.
  void add(Batch batch) {
    for (int row = 0; row < batch.rows(); row++) {
      add(batch.change(row), Canonical.row(batch, row), batch.schema().key());
    }
  }

  List<Map<String, @Nullable Object>> rows() {
    return normalized(rows);
  }

  /// A row that has no value at all shows nothing: whether its fields are NULL or absent is the
  /// sink's choice.
  static List<Map<String, @Nullable Object>> normalized(List<Map<String, @Nullable Object>> rows) {
    return rows.stream()
        .map(row ->
            row.values().stream().allMatch(value -> value == null)
                ? Map.<String, @Nullable Object>of()
                : row)
        .toList();
  }

  private void add(Change change, Map<String, @Nullable Object> values, List<String> key) {
    if (change == Change.TRUNCATE && capabilities.contains(Capability.TRUNCATE)) {
      rows.clear();
    } else if (change == Change.TRUNCATE) {
      rows.add(values);
    } else if (change == Change.DELETE && capabilities.contains(Capability.DELETE)) {
      rows.removeIf((Map<String, @Nullable Object> row) -> sameKey(row, values, key));
    } else if (!capabilities.contains(Capability.UPSERT) || key.isEmpty()) {
      rows.add(values);
    } else {
      merge(values, key);
    }
  }

  private void merge(Map<String, @Nullable Object> values, List<String> key) {
    for (Map<String, @Nullable Object> row : rows) {
      if (sameKey(row, values, key)) {
        row.putAll(values);
        return;
      }
    }
    rows.add(new HashMap<>(values));
  }

  private static boolean sameKey(
      Map<String, @Nullable Object> one, Map<String, @Nullable Object> other, List<String> key) {
    return key.stream()
        .allMatch(name -> String.valueOf(one.get(name)).equals(String.valueOf(other.get(name))));
  }
}
