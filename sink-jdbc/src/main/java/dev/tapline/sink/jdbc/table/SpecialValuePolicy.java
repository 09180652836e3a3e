package dev.tapline.sink.jdbc.table;

/// What becomes of values that a column's type cannot hold.
public enum SpecialValuePolicy {
  /// The row is refused.
  FAIL,
  /// They are NULL, and counted.
  NULL,
  /// All columns whose type cannot hold each value of the source's are text.
  TEXT
}
