package dev.tapline.sink.jsonl.encoding;

/// Floating-point numbers as the shortest digits that mean the same number.
final class FloatText {
  /// The most bytes that any of these methods puts.
  static final int LONGEST = 32;

  // A decimal of up to 15 digits and a double that it rounds to have only one another: where such a
  // decimal exists it is the shortest, and a division by an exact power of ten finds it.
  private static final int SCALE = 4;
  private static final double POWER = 1e4;
  private static final double LIMIT = 1e11;

  private static final byte[] NAN = Ascii.bytes("\"NaN\"");
  private static final byte[] INFINITY = Ascii.bytes("\"Infinity\"");
  private static final byte[] NEGATIVE_INFINITY = Ascii.bytes("\"-Infinity\"");

  private FloatText() {}

  /// A double; what is no number becomes a JSON string.
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

  /// A float that was widened; the digits are those of the float.
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
