package dev.tapline.sink.jdbc.table;

/// What a table holds.
public enum TableMode {
  /// The current rows.
  MERGE,
  /// Every row and every change that was ever read.
  APPEND
}
