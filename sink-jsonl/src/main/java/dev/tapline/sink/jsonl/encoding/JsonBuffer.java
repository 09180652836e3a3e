package dev.tapline.sink.jsonl.encoding;

import java.io.IOException;
import java.util.Arrays;

/// Collects encoded bytes and passes them on in large pieces. It never holds more than its
/// capacity, however large a row is, unless the name of a single field is larger.
public final class JsonBuffer {
  /// What a buffer holds unless told otherwise.
  public static final int CAPACITY = 256 << 10;

  private final ByteTarget target;
  private final int fullAt;

  byte[] bytes;
  int position;

  /// A buffer of the usual size.
  public JsonBuffer(ByteTarget target) {
    this(target, CAPACITY);
  }

  JsonBuffer(ByteTarget target, int capacity) {
    this.target = target;
    this.bytes = new byte[capacity];
    // The last quarter is for the row at hand, so that few rows are passed on in two pieces.
    this.fullAt = capacity - capacity / 4;
  }

  /// Passes on what is held.
  public void drain() throws IOException {
    if (position > 0) {
      int length = position;
      position = 0;
      target.write(bytes, 0, length);
    }
  }

  /// Forgets what is held.
  public void discard() {
    position = 0;
  }

  /// Makes sure that `room` more bytes can be put into [#bytes] at [#position].
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

  /// Puts `source` with another first byte.
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
