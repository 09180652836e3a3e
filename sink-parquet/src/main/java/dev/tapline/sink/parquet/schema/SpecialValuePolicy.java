package dev.tapline.sink.parquet.schema;

/// What becomes of a value that the format cannot hold: infinity, NaN in a decimal, 24:00.
public enum SpecialValuePolicy {
  /// It fails the run.
  FAIL,
  /// It becomes NULL, and is counted.
  NULL,
  /// Columns of types that have such values are text.
  TEXT
}
