package dev.tapline.sink.jsonl.encoding;

/// Writes floating-point numbers with the fewest digits that identify them.
final class FloatText {
  /// The maximum number of bytes that a method writes.
  static final int MAX_LENGTH = 32;

  // A decimal of up to 15 digits and the double it rounds to identify each other: if there is such
  // a decimal, it is the shortest, and a division by an exact power of ten finds it.
  private static final int SCALE = 4;
  private static final double POWER = 1e4;
  private static final double LIMIT = 1e11;

  private static final byte[] NAN = Ascii.bytes("\"NaN\"");
  private static final byte[] INFINITY = Ascii.bytes("\"Infinity\"");
  private static final byte[] NEGATIVE_INFINITY = Ascii.bytes("\"-Infinity\"");

  private FloatText() {}

  /// Writes a double; NaN and the infinities become JSON strings.
  static int writeDouble(byte[] to, int at, double value) {
    if (value > -LIMIT && value < LIMIT && value != 0) {
      long scaled = Math.round(value * POWER);
      if (scaled / POWER == value) {
        return writeShort(to, at, scaled);
      }
    }
    return Double.isFinite(value)
        ? Ascii.write(Double.toString(value), to, at)
        : writeSpecial(to, at, value);
  }

  /// Writes a float that was widened, with the digits of the float.
  static int writeFloat(byte[] to, int at, double value) {
    return Double.isFinite(value)
        ? Ascii.write(Float.toString((float) value), to, at)
        : writeSpecial(to, at, value);
  }

  private static int writeShort(byte[] to, int at, long scaled) {
    int end = NumberText.writeDecimal(to, at, scaled, SCALE);
    while (to[end - 1] == '0' && to[end - 2] != '.') {
      end--;
    }
    return end;
  }

  private static int writeSpecial(byte[] to, int at, double value) {
    byte[] text = Double.isNaN(value) ? NAN : value > 0 ? INFINITY : NEGATIVE_INFINITY;
    System.arraycopy(text, 0, to, at, text.length);
    return at + text.length;
  }
}
