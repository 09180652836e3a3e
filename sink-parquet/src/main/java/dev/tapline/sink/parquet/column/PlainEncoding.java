package dev.tapline.sink.parquet.column;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Reads and writes numbers in the PLAIN encoding, little-endian.
final class PlainEncoding {
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle BIG_ENDIAN_LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private PlainEncoding() {}

  static int getInt(byte[] data, int at) {
    return (int) INTS.get(data, at);
  }

  static void putInt(byte[] data, int at, int value) {
    INTS.set(data, at, value);
  }

  static long getLong(byte[] data, int at) {
    return (long) LONGS.get(data, at);
  }

  static void putLong(byte[] data, int at, long value) {
    LONGS.set(data, at, value);
  }

  /// Reads a big-endian number: unsigned comparison is then that of the bytes.
  static long getBigEndianLong(byte[] data, int at) {
    return (long) BIG_ENDIAN_LONGS.get(data, at);
  }
}
