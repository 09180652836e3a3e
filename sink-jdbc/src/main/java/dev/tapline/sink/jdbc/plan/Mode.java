package dev.tapline.sink.jdbc.plan;

/// What a table holds.
public enum Mode {
  /// The rows as they are now.
  MERGE,
  /// Every row and every change that ever came.
  APPEND
}
