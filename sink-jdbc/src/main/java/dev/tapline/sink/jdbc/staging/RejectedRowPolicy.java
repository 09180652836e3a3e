package dev.tapline.sink.jdbc.staging;

/// What becomes of a row that the destination does not take.
public enum RejectedRowPolicy {
  /// The stream ends.
  FAIL,
  /// It goes to the table of refused rows, with the reason.
  TABLE
}
