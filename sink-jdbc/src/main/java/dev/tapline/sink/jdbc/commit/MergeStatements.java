package dev.tapline.sink.jdbc.commit;

import java.util.List;
import java.util.Optional;

/// The statements that bring staged rows into a table.
interface MergeStatements {
  /// Those for all rows.
  List<String> all();

  /// Those that come once before rows are brought by parts.
  List<String> before();

  /// The condition of those staged rows `s` that cannot be brought: each is a change that left
  /// values out, of a row that the table has not got. Nothing where no row can be one.
  Optional<String> withoutBase();

  /// Those for the rows `s` of the staged table that meet a condition.
  List<String> of(String condition);
}
