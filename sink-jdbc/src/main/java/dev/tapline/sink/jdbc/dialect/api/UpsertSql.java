package dev.tapline.sink.jdbc.dialect.api;

import java.util.ArrayList;
import java.util.List;

/// Pieces of merging that several databases share.
public final class UpsertSql {
  private UpsertSql() {}

  /// `INSERT ... ON CONFLICT`.
  public static String onConflict(Merge merge) {
    List<String> assignments = new ArrayList<>();
    merge.values().forEach(name -> assignments.add(name + " = excluded." + name));
    merge.absent().forEach(name -> assignments.add(name + " = NULL"));
    return StandardSql.insert(merge)
        + " ON CONFLICT ("
        + StandardSql.list(merge.key())
        + ") DO "
        + (assignments.isEmpty() ? "NOTHING" : "UPDATE SET " + StandardSql.list(assignments));
  }

  /// `UPDATE ... FROM`, which marks the rows that are deleted.
  public static String markFrom(Merge merge) {
    return "UPDATE %s AS t SET %s FROM %s s WHERE %s%s"
        .formatted(
            merge.target(),
            StandardSql.assignments(merge.deletedAt(), "", "s."),
            merge.staged(),
            StandardSql.join("t", merge.key(), "s", merge.key()),
            merge.and(1));
  }
}
