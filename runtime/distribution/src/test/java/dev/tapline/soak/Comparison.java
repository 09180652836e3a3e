package dev.tapline.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Compares a table with its copy, row by row and value by value.
final class Comparison {
  private static final int MOST = 5;
  private static final int LONGEST = 60;

  private final Source source;
  private final Optional<Publication> publication;

  private Comparison(Source source, Optional<Publication> publication) {
    this.source = source;
    this.publication = publication;
  }

  /// Of copies that have all of a table.
  static Comparison whole(Source source) {
    return new Comparison(source, Optional.empty());
  }

  /// Of copies that have what is published of a table.
  static Comparison published(Source source, Publication publication) {
    return new Comparison(source, Optional.of(publication));
  }

  /// What differs; nothing if they are equal. Columns that the source has no longer do not count.
  List<String> differences(String table, Copy copy) throws Exception {
    Map<String, Map<String, @Nullable String>> wanted = new TreeMap<>();
    for (Map<String, @Nullable String> row :
        source.rows(
            "SELECT * FROM " + table + publication.map(own -> own.condition(table)).orElse(""))) {
      wanted.put(String.valueOf(row.get("id")), row);
    }
    Map<String, Map<String, @Nullable String>> found = new TreeMap<>(copy.rows(table));
    List<String> differences = new ArrayList<>();
    wanted.forEach((id, row) -> {
      Map<String, @Nullable String> other = found.remove(id);
      if (other == null) {
        differences.add("missing: " + text(row));
        return;
      }
      row.forEach((column, value) -> {
        boolean comes = publication.isEmpty() || publication.get().publishes(table, column);
        if (comes && !Objects.equals(value, other.get(column))) {
          differences.add(
              "id %s: %s is %s and should be %s"
                  .formatted(cut(id), column, cut(other.get(column)), cut(value)));
        }
      });
    });
    found.values().forEach(row -> differences.add("too much: " + text(row)));
    return differences.size() <= MOST
        ? differences
        : List.of(
            String.join("\n      ", differences.subList(0, MOST)),
            "and " + (differences.size() - MOST) + " more");
  }

  private static String text(Map<String, @Nullable String> row) {
    Map<String, String> cut = new TreeMap<>();
    row.forEach((column, value) -> cut.put(column, cut(value)));
    return cut.toString();
  }

  private static String cut(@Nullable String value) {
    return value == null || value.length() <= LONGEST
        ? String.valueOf(value)
        : value.substring(0, LONGEST) + "... (" + value.length() + ")";
  }
}
