package dev.tapline.sink.jdbc.commit;

import java.util.List;

/// The statements that bring staged rows into a table.
interface Addition {
  /// Those for all rows.
  List<String> all();

  /// Those that come once before rows are brought by parts.
  List<String> before();

  /// Those for the rows `s` of the staged table that meet a condition.
  List<String> of(String condition);
}
