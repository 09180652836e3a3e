package dev.tapline.sink.parquet.plan;

/// A stream that cannot be written under the policies; the message says which column and why.
public final class UnmappedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnmappedException(String message) {
    super(message);
  }
}
