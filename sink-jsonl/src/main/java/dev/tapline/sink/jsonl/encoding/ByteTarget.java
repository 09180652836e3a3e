package dev.tapline.sink.jsonl.encoding;

import java.io.IOException;

/// Takes the bytes that a [JsonBuffer] has collected.
public interface ByteTarget {
  /// Takes over `length` bytes; the array stays the caller's.
  void write(byte[] bytes, int offset, int length) throws IOException;

  /// Tells that what was written so far ends with a whole row: the place to begin another file.
  default void rowBoundary() throws IOException {}
}
