package dev.tapline.sink.jsonl.encoding;

import java.io.IOException;
import java.util.Arrays;

/// Buffers encoded bytes and passes them on in large pieces. It does not exceed its capacity even
/// for large rows, unless a single field name is larger.
public final class JsonBuffer {
  /// The default capacity.
  public static final int CAPACITY = 256 << 10;

  private final ByteTarget target;
  private final int fullAt;

  byte[] bytes;
  int position;

  /// Creates a buffer of the default capacity.
  public JsonBuffer(ByteTarget target) {
    this(target, CAPACITY);
  }

  JsonBuffer(ByteTarget target, int capacity) {
    this.target = target;
    this.bytes = new byte[capacity];
    // The last quarter is reserved for the current row, so that few rows are passed on in two
    // pieces.
    this.fullAt = capacity - capacity / 4;
  }

  /// Passes on the buffered bytes.
  public void drain() throws IOException {
    if (position > 0) {
      int length = position;
      position = 0;
      target.write(bytes, 0, length);
    }
  }

  /// Discards the buffered bytes.
  public void discard() {
    position = 0;
  }

  /// Ensures space for `room` more bytes in [#bytes] at [#position].
  void ensure(int room) throws IOException {
    if (bytes.length - position < room) {
      makeRoom(room);
    }
  }

  void put(int value) throws IOException {
    ensure(1);
    bytes[position++] = (byte) value;
  }

  void put(byte[] source) throws IOException {
    ensure(source.length);
    System.arraycopy(source, 0, bytes, position, source.length);
    position += source.length;
  }

  /// Writes `source` with a different first byte.
  void put(byte[] source, int first) throws IOException {
    ensure(source.length);
    System.arraycopy(source, 0, bytes, position, source.length);
    bytes[position] = (byte) first;
    position += source.length;
  }

  void endRow() throws IOException {
    if (position >= fullAt) {
      drain();
      target.rowBoundary();
    }
  }

  private void makeRoom(int room) throws IOException {
    drain();
    if (bytes.length < room) {
      bytes = Arrays.copyOf(bytes, room);
    }
  }
}
