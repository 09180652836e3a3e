package dev.tapline.sink.parquet.schema;

/// Thrown if the [policy][TypePolicy] rejects a column's type; the message names the column and the
/// reason.
public final class UnsupportedTypeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnsupportedTypeException(String message) {
    super(message);
  }
}
