package dev.tapline.sink.jdbc.dialect.api;

import java.util.ArrayList;
import java.util.List;

/// Statements for merging that several databases share.
public final class UpsertSql {
  private UpsertSql() {}

  /// Fills in missing values, deletes or marks rows, and upserts the others by `ON CONFLICT`.
  ///
  /// @param delete the statement that deletes rows, unless they are only marked
  public static List<String> merge(Merge merge, String delete) {
    List<String> statements = new ArrayList<>(StandardSql.fill(merge));
    if (merge.operation().isPresent()) {
      statements.add(merge.deletedAt().isEmpty() ? delete : markFrom(merge));
    }
    statements.add(onConflict(merge));
    return statements;
  }

  /// `INSERT ... ON CONFLICT`.
  static String onConflict(Merge merge) {
    List<String> assignments = new ArrayList<>();
    merge.values().forEach(name -> assignments.add(name + " = excluded." + name));
    merge.absent().forEach(name -> assignments.add(name + " = NULL"));
    return StandardSql.insert(merge)
        + " ON CONFLICT ("
        + StandardSql.list(merge.key())
        + ") DO "
        + (assignments.isEmpty() ? "NOTHING" : "UPDATE SET " + StandardSql.list(assignments));
  }

  /// `UPDATE ... FROM`, which marks deleted rows.
  static String markFrom(Merge merge) {
    return "UPDATE %s AS t SET %s FROM %s s WHERE %s%s"
        .formatted(
            merge.target(),
            StandardSql.assignments(merge.deletedAt(), "", "s."),
            merge.staged(),
            StandardSql.join("t", merge.key(), "s", merge.key()),
            merge.and(1));
  }
}
