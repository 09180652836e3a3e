package dev.tapline.sink.jsonl.encoding;

import java.io.IOException;

/// Receives the bytes of a [JsonBuffer].
public interface ByteTarget {
  /// Writes `length` bytes; the array belongs to the caller.
  void write(byte[] bytes, int offset, int length) throws IOException;

  /// Called when the bytes written so far end with a whole row, so that another file can be
  /// started.
  default void rowBoundary() throws IOException {}
}
