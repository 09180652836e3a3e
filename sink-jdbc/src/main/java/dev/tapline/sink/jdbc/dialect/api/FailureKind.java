package dev.tapline.sink.jdbc.dialect.api;

/// The kinds of errors that a database reports.
public enum FailureKind {
  /// It may succeed when tried again: a deadlock, a lock timeout, a lost connection.
  TRANSIENT,
  /// The database rejects a value or a row.
  REJECTED_ROW,
  /// Anything else.
  PERMANENT
}
