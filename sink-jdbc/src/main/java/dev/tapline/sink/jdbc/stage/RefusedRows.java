package dev.tapline.sink.jdbc.stage;

/// What becomes of a row that the destination does not take.
public enum RefusedRows {
  /// The stream ends.
  FAIL,
  /// It goes to the table of refused rows, with the reason.
  TABLE
}
