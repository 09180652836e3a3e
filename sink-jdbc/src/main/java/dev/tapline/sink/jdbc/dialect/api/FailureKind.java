package dev.tapline.sink.jdbc.dialect.api;

/// What kind of failure an error of a database is.
public enum FailureKind {
  /// It may pass: a deadlock, a lock that was waited for too long, a connection that was lost.
  TRANSIENT,
  /// The database refuses a value or a row.
  REFUSED_ROW,
  /// Anything else.
  LASTING
}
