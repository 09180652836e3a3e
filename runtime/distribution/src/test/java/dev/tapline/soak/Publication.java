package dev.tapline.soak;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// The publication that somebody else keeps, and what of it can be copied.
final class Publication {
  static final String NAME = "theirs";
  private static final String TABLE = "listed";

  private final Source source;
  private boolean columns;
  private boolean filter;
  private boolean present = true;
  private boolean all = true;

  Publication(Source source) {
    this.source = source;
  }

  void create() throws SQLException {
    source.execute("CREATE PUBLICATION theirs FOR TABLE " + list());
  }

  /// @return what was done
  String step(Kind kind) throws SQLException {
    switch (kind) {
      case PUBLISH_LIST -> {
        all = !all;
        source.execute(
            "ALTER PUBLICATION theirs SET (publish = '%s')"
                .formatted(all ? "insert, update, delete, truncate" : "insert"));
        return all ? "all operations are published" : "only inserts are published";
      }
      case PUBLISH_COLUMNS -> columns = !columns;
      case PUBLISH_FILTER -> filter = !filter;
      case PUBLISH_TABLE -> present = !present;
      default -> throw new IllegalArgumentException(kind + " is not of the publication");
    }
    source.execute("ALTER PUBLICATION theirs SET TABLE " + list());
    return "ALTER PUBLICATION theirs: " + (present ? entry() : "without " + TABLE);
  }

  /// Puts everything back into it: what messages ask of its owner.
  void mend() throws SQLException {
    columns = false;
    filter = false;
    present = true;
    all = true;
    if (source.list("SELECT 1 FROM pg_publication WHERE pubname = 'theirs'").isEmpty()) {
      create();
      return;
    }
    source.execute(
        "ALTER PUBLICATION theirs SET TABLE " + list(),
        "ALTER PUBLICATION theirs SET (publish = 'insert, update, delete, truncate')");
  }

  /// Which rows of a table are published.
  String condition(String table) {
    return filter && table.equals(TABLE) ? " WHERE id % 2 = 0" : "";
  }

  /// Whether a column of a table is published.
  boolean publishes(String table, String column) {
    return !columns || !table.equals(TABLE) || List.of("id", "version", "name").contains(column);
  }

  private String list() {
    List<String> entries = new ArrayList<>(Tables.ALL);
    entries.remove(TABLE);
    if (present) {
      entries.add(entry());
    }
    return String.join(", ", entries);
  }

  private String entry() {
    return TABLE + (columns ? " (id, version, name)" : "") + (filter ? " WHERE (id % 2 = 0)" : "");
  }
}
