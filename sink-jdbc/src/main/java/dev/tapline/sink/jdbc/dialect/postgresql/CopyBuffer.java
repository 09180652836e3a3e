package dev.tapline.sink.jdbc.dialect.postgresql;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Bytes to be sent by COPY.
final class CopyBuffer {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final byte[] SIGNATURE =
      "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
  private static final int FIRST = 128 << 10;
  private static final int KEPT = 8 << 20;

  private byte[] bytes = new byte[FIRST];
  private int size;

  byte[] bytes() {
    return bytes;
  }

  int size() {
    return size;
  }

  void clear() {
    size = 0;
    if (bytes.length > KEPT) {
      bytes = new byte[FIRST];
    }
  }

  void putHeader() {
    put(SIGNATURE, 0, SIGNATURE.length);
    putInt(0);
    putInt(0);
  }

  void put(int value) {
    room(1);
    bytes[size++] = (byte) value;
  }

  void putShort(int value) {
    room(Short.BYTES);
    SHORT.set(bytes, size, (short) value);
    size += Short.BYTES;
  }

  void putInt(int value) {
    room(Integer.BYTES);
    INT.set(bytes, size, value);
    size += Integer.BYTES;
  }

  void putLong(long value) {
    room(Long.BYTES);
    LONG.set(bytes, size, value);
    size += Long.BYTES;
  }

  void put(byte[] source, int start, int length) {
    room(length);
    System.arraycopy(source, start, bytes, size, length);
    size += length;
  }

  /// Replaces an int that was put at `position`.
  void setInt(int position, int value) {
    INT.set(bytes, position, value);
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes =
          Arrays.copyOf(
              bytes, Math.max(Math.addExact(size, more), bytes.length + (bytes.length >> 1)));
    }
  }
}
