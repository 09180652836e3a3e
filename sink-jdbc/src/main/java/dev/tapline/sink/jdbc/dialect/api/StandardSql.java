package dev.tapline.sink.jdbc.dialect.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Standard SQL statements, and parts of them.
public final class StandardSql {
  private StandardSql() {}

  /// A name in double quotes.
  public static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /// `a, b`.
  public static String list(List<String> names) {
    return String.join(", ", names);
  }

  /// `s.a, s.b`.
  public static String list(String alias, List<String> names) {
    return names.stream().map(name -> alias + "." + name).collect(Collectors.joining(", "));
  }

  /// `t.a = s.a, ...`.
  ///
  /// @param to what comes before each name on the left, as in `t.`, or nothing
  /// @param from what comes before it on the right
  public static String assignments(List<String> names, String to, String from) {
    return names.stream()
        .map(name -> to + name + " = " + from + name)
        .collect(Collectors.joining(", "));
  }

  /// `t.a = s.b AND ...` for pairs of columns.
  public static String join(String left, List<String> ours, String right, List<String> theirs) {
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < ours.size(); i++) {
      pairs.add(left + "." + ours.get(i) + " = " + right + "." + theirs.get(i));
    }
    return String.join(" AND ", pairs);
  }

  /// Merges by UPDATE, DELETE and INSERT, for databases whose own way to merge is not known.
  public static List<String> merge(Merge merge) {
    List<String> statements = new ArrayList<>(fill(merge));
    if (!merge.deletedAt().isEmpty() && merge.operation().isPresent()) {
      statements.add(mark(merge));
    }
    boolean onlyRows = !merge.deletedAt().isEmpty();
    statements.add(
        "DELETE FROM %s WHERE EXISTS (SELECT 1 FROM %s s WHERE %s%s)"
            .formatted(
                merge.target(),
                merge.staged(),
                join("s", merge.key(), merge.target(), merge.key()),
                onlyRows ? merge.and(0) : merge.within()));
    statements.add(insert(merge));
    return statements;
  }

  /// Takes missing values of staged rows from the table.
  public static List<String> fill(Merge merge) {
    if (merge.fill().isEmpty()) {
      return List.of();
    }
    Merge.Fill fill = merge.fill().get();
    List<String> assignments = new ArrayList<>();
    for (int i = 0; i < fill.columns().size(); i++) {
      String column = fill.columns().get(i);
      assignments.add(
          "%s = CASE WHEN SUBSTR(%s, %d, 1) = '1' THEN (SELECT t.%s FROM %s t WHERE %s) ELSE %s END"
              .formatted(
                  column,
                  fill.bits(),
                  i + 1,
                  column,
                  merge.target(),
                  join("t", merge.key(), merge.staged(), fill.from()),
                  column));
    }
    return List.of(
        "UPDATE %s SET %s WHERE %s IS NOT NULL"
            .formatted(merge.staged(), list(assignments), fill.bits()));
  }

  /// The condition of staged rows `s` with missing values whose row is not in the table.
  public static Optional<String> withoutBase(Merge merge) {
    return merge
        .fill()
        .map(fill ->
            "s.%s IS NOT NULL%s AND NOT EXISTS (SELECT 1 FROM %s t WHERE %s)"
                .formatted(
                    fill.bits(),
                    merge.and(0),
                    merge.target(),
                    join("t", merge.key(), "s", fill.from())));
  }

  /// Marks rows as deleted.
  public static String mark(Merge merge) {
    String rows =
        "FROM %s s WHERE %s%s"
            .formatted(
                merge.staged(), join("s", merge.key(), merge.target(), merge.key()), merge.and(1));
    String assignments =
        merge.deletedAt().stream()
            .map(name -> "%s = (SELECT s.%s %s)".formatted(name, name, rows))
            .collect(Collectors.joining(", "));
    return "UPDATE %s SET %s WHERE EXISTS (SELECT 1 %s)"
        .formatted(merge.target(), assignments, rows);
  }

  /// Inserts the staged rows that are not deletes.
  public static String insert(Merge merge) {
    return "INSERT INTO %s (%s) SELECT %s FROM %s s WHERE 1 = 1%s"
        .formatted(
            merge.target(),
            list(merge.columns()),
            list("s", merge.columns()),
            merge.staged(),
            merge.and(0));
  }
}
