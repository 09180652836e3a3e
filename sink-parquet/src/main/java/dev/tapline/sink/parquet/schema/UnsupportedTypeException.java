package dev.tapline.sink.parquet.schema;

/// A stream that cannot be written under the policies; the message says which column and why.
public final class UnsupportedTypeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnsupportedTypeException(String message) {
    super(message);
  }
}
