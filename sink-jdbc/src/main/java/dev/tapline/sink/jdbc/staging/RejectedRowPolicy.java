package dev.tapline.sink.jdbc.staging;

/// What happens to a row that the destination rejects.
public enum RejectedRowPolicy {
  /// The stream fails.
  FAIL,
  /// It goes to the table of rejected rows, with the reason.
  TABLE
}
