package dev.tapline.sink.jsonl.encoding;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Writes numbers as digits, two at a time, without creating a String.
final class NumberText {
  /// The maximum number of bytes that [#write] writes.
  static final int MAX_LENGTH = 20;

  /// The maximum number of bytes that [#writeDecimal] writes.
  static final int MAX_DECIMAL_LENGTH = MAX_LENGTH + 2;

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final short[] PAIRS = new short[100];
  private static final long[] POWERS = new long[19];
  private static final byte[] SMALLEST = Ascii.bytes("-9223372036854775808");

  static {
    for (int i = 0; i < 100; i++) {
      PAIRS[i] = (short) (('0' + i / 10) | ('0' + i % 10) << 8);
    }
    POWERS[0] = 1;
    for (int i = 1; i < POWERS.length; i++) {
      POWERS[i] = POWERS[i - 1] * 10;
    }
  }

  private NumberText() {}

  /// Writes a number of any sign.
  ///
  /// @return the index after the last digit
  static int write(byte[] to, int at, long value) {
    if (value >= 0) {
      return writeDigits(to, at, value, length(value));
    }
    if (value == Long.MIN_VALUE) {
      System.arraycopy(SMALLEST, 0, to, at, SMALLEST.length);
      return at + SMALLEST.length;
    }
    to[at] = '-';
    return writeDigits(to, at + 1, -value, length(-value));
  }

  /// Writes `unscaled / 10^scale` with `scale` decimals; scale is 0 to 18.
  static int writeDecimal(byte[] to, int at, long unscaled, int scale) {
    if (scale == 0) {
      return write(to, at, unscaled);
    }
    int i = at;
    long value = unscaled;
    if (value < 0) {
      to[i++] = '-';
      value = -value;
    }
    long whole = value / POWERS[scale];
    i = writeDigits(to, i, whole, length(whole));
    to[i++] = '.';
    return writeDigits(to, i, value - whole * POWERS[scale], scale);
  }

  /// Writes a number from 0 to 99 as two digits.
  static void pair(byte[] to, int at, int value) {
    SHORT.set(to, at, PAIRS[value]);
  }

  /// Writes a non-negative number, padded with zeros to `length` digits.
  static int writeDigits(byte[] to, int at, long value, int length) {
    int end = at + length;
    int i = end;
    long rest = value;
    while (i - at >= 2) {
      long next = rest / 100;
      i -= 2;
      SHORT.set(to, i, PAIRS[(int) (rest - next * 100)]);
      rest = next;
    }
    if (i > at) {
      to[at] = (byte) ('0' + rest);
    }
    return end;
  }

  /// The number of digits of a non-negative number.
  static int length(long value) {
    for (int digits = 1; digits < POWERS.length; digits++) {
      if (value < POWERS[digits]) {
        return digits;
      }
    }
    return POWERS.length;
  }
}
