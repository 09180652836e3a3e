package dev.tapline.sink.jdbc.table;

/// What happens to values that a column's type cannot hold.
public enum SpecialValuePolicy {
  /// The row is rejected.
  FAIL,
  /// They become NULL and are counted.
  NULL,
  /// Columns whose type cannot hold every value of the source type are text.
  TEXT
}
