package dev.tapline.source.postgres.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Reads big-endian numbers from an array.
public final class BigEndian {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private BigEndian() {}

  /// A number of 16 bits with a sign.
  public static short int16(byte[] bytes, int offset) {
    return (short) SHORT.get(bytes, offset);
  }

  /// A number of 32 bits with a sign.
  public static int int32(byte[] bytes, int offset) {
    return (int) INT.get(bytes, offset);
  }

  /// A number of 64 bits with a sign.
  public static long int64(byte[] bytes, int offset) {
    return (long) LONG.get(bytes, offset);
  }
}
