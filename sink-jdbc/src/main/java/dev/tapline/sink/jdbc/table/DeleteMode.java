package dev.tapline.sink.jdbc.table;

/// What happens to a deleted row.
public enum DeleteMode {
  /// It is removed.
  HARD,
  /// It stays and gets the time of its deletion.
  SOFT
}
