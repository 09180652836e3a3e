package dev.tapline.sink.parquet.schema;

/// How arrays are stored.
public enum ArrayPolicy {
  /// As lists.
  LIST,
  /// As the source's text, as in `{1,NULL}`.
  TEXT
}
