package dev.tapline.sink.jdbc.table;

/// What a table holds.
public enum TableMode {
  /// The rows as they are now.
  MERGE,
  /// Every row and every change that ever came.
  APPEND
}
