package dev.tapline.sink.parquet.plan;

/// What becomes of decimals of more than 38 digits, or of no declared precision.
public enum WideDecimals {
  /// Their columns are text.
  TEXT,
  /// They fail the run, before it begins.
  FAIL
}
