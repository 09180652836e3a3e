package dev.tapline.sink.parquet.plan;

/// What becomes of arrays.
public enum Arrays {
  /// Lists.
  LIST,
  /// The source's text, as in `{1,NULL}`.
  TEXT
}
