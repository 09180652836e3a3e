package dev.tapline.sink.parquet.schema;

/// How to handle decimals of more than 38 digits or without a declared precision.
public enum WideDecimalPolicy {
  /// Store their columns as text.
  TEXT,
  /// Fail the run before it begins.
  FAIL
}
