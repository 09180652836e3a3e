package dev.tapline.sink.parquet.schema;

/// What becomes of decimals of more than 38 digits, or of no declared precision.
public enum WideDecimalPolicy {
  /// Their columns are text.
  TEXT,
  /// They fail the run, before it begins.
  FAIL
}
