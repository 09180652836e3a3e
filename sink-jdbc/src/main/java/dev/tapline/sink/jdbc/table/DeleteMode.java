package dev.tapline.sink.jdbc.table;

/// What becomes of a row that is deleted.
public enum DeleteMode {
  /// It is removed.
  HARD,
  /// It stays, with the time of its deletion.
  SOFT
}
