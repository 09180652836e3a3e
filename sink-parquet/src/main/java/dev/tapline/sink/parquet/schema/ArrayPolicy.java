package dev.tapline.sink.parquet.schema;

/// What becomes of arrays.
public enum ArrayPolicy {
  /// Lists.
  LIST,
  /// The source's text, as in `{1,NULL}`.
  TEXT
}
