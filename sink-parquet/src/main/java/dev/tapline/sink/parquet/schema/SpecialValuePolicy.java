package dev.tapline.sink.parquet.schema;

/// How to handle values that the format cannot store: infinity, NaN in a decimal, 24:00.
public enum SpecialValuePolicy {
  /// Fail the run.
  FAIL,
  /// Write NULL and count it.
  NULL,
  /// Store columns of such types as text.
  TEXT
}
