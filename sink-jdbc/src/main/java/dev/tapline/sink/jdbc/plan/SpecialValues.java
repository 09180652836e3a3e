package dev.tapline.sink.jdbc.plan;

/// What becomes of values that a column's type cannot hold.
public enum SpecialValues {
  /// The row is refused.
  FAIL,
  /// They are NULL, and counted.
  NULL,
  /// All columns whose type cannot hold each value of the source's are text.
  TEXT
}
