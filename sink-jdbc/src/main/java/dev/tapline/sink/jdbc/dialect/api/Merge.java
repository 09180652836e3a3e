package dev.tapline.sink.jdbc.dialect.api;

import java.util.List;
import java.util.Optional;

/// A merge of staged rows, of which no two have the same key, into a table. All names are quoted.
///
/// @param target the table
/// @param staged the staging table
/// @param key the key's columns
/// @param columns the staged columns, the key's among them
/// @param absent columns of the table that are not staged: they become NULL
/// @param operation the staged column that holds 1 for a row to be deleted and 0 for any other, if
///   any is to be deleted
/// @param deletedAt the columns that a deleted row gets from the staged one, when deletes only mark
///   rows; empty when rows are removed
/// @param fill which missing values to take from the table, if any
/// @param otherUnique whether the table has a unique index besides that of its key
/// @param only a condition for the staged rows to merge, if not all; then `fill` is empty
public record Merge(
    String target,
    String staged,
    List<String> key,
    List<String> columns,
    List<String> absent,
    Optional<String> operation,
    List<String> deletedAt,
    Optional<Fill> fill,
    boolean otherUnique,
    Optional<String> only) {

  /// Copies the lists.
  public Merge {
    key = List.copyOf(key);
    columns = List.copyOf(columns);
    absent = List.copyOf(absent);
    deletedAt = List.copyOf(deletedAt);
  }

  /// Values that are missing in a staged row and are taken from the row in the table, which may
  /// have an earlier key.
  ///
  /// @param bits the staged column with a `1` at the place of each such value in `columns`; NULL
  ///   where the row is whole
  /// @param columns the columns that this may concern
  /// @param from the staged columns with the key that the row has in the table
  public record Fill(String bits, List<String> columns, List<String> from) {
    /// Copies the lists.
    public Fill {
      columns = List.copyOf(columns);
      from = List.copyOf(from);
    }
  }

  /// The columns that are not part of the key.
  public List<String> values() {
    return columns.stream().filter(name -> !key.contains(name)).toList();
  }

  /// ` AND operation = value`, or nothing where no row is to be deleted; and ` AND only`.
  public String and(int value) {
    return operation.map(name -> " AND s." + name + " = " + value).orElse("") + within();
  }

  /// ` AND only`, or nothing where all rows are meant.
  public String within() {
    return only.map(condition -> " AND " + condition).orElse("");
  }

  /// The merge of those rows that meet a condition, after missing values have been filled in.
  public Merge restrictedTo(String condition) {
    return new Merge(
        target,
        staged,
        key,
        columns,
        absent,
        operation,
        deletedAt,
        Optional.empty(),
        otherUnique,
        Optional.of(condition));
  }
}
