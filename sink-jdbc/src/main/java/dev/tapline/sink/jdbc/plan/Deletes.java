package dev.tapline.sink.jdbc.plan;

/// What becomes of a row that is deleted.
public enum Deletes {
  /// It is removed.
  HARD,
  /// It stays, with the time of its deletion.
  SOFT
}
