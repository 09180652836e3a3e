package dev.tapline.sink.jdbc.commit;

import java.util.List;
import java.util.Optional;

/// The statements that merge staged rows into a table.
interface MergeStatements {
  /// Merges all rows.
  List<String> all();

  /// Runs once, before rows are merged in parts.
  List<String> before();

  /// The condition of staged rows `s` that cannot be merged: changes without some values, of rows
  /// that the table does not have. Empty where there can be none.
  Optional<String> withoutBase();

  /// Merges the rows `s` of the staging table that meet a condition.
  List<String> of(String condition);
}
