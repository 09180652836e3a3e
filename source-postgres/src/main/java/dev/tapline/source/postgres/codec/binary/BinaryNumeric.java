package dev.tapline.source.postgres.codec.binary;

import dev.tapline.source.postgres.codec.BigEndian;
import dev.tapline.source.postgres.codec.FieldDecoder;
import java.io.IOException;

/// The binary form of `numeric`, as `numeric_send` writes it: the number of digits, the weight of
/// the first (a power of 10000), the sign, the number of decimal places to show; then the digits,
/// each of 16 bits and from 0 to 9999.
final class BinaryNumeric {
  static final int HEADER = 8;
  static final int POSITIVE = 0x0000;
  static final int NEGATIVE = 0x4000;
  static final int NAN = 0xC000;
  static final int INFINITY = 0xD000;
  static final int NEGATIVE_INFINITY = 0xF000;

  /// Decimal digits in one digit.
  static final int DECIMALS = 4;

  private BinaryNumeric() {}

  static int digits(byte[] message, int offset, int length) throws IOException {
    int digits = length < HEADER ? -1 : BigEndian.int16(message, offset) & 0xffff;
    if (length != HEADER + digits * Short.BYTES) {
      throw FieldDecoder.malformed("a numeric of " + length + " bytes");
    }
    return digits;
  }

  static int weight(byte[] message, int offset) {
    return BigEndian.int16(message, offset + 2);
  }

  static int sign(byte[] message, int offset) {
    return BigEndian.int16(message, offset + 4) & 0xffff;
  }

  static int scale(byte[] message, int offset) {
    return BigEndian.int16(message, offset + 6) & 0xffff;
  }

  static int digit(byte[] message, int offset, int index) {
    return BigEndian.int16(message, offset + HEADER + index * Short.BYTES);
  }
}
