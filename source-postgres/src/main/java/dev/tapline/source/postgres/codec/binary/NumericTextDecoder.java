package dev.tapline.source.postgres.codec.binary;

import dev.tapline.source.postgres.codec.FieldDecoder;
import dev.tapline.spi.batch.BytesColumn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Decodes any `numeric` to its plain decimal digits, as `numeric_out` writes them.
final class NumericTextDecoder extends FieldDecoder {
  private static final byte[] NAN = "NaN".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] INFINITY = "Infinity".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NEGATIVE_INFINITY = "-Infinity".getBytes(StandardCharsets.US_ASCII);

  private final BytesColumn column;

  NumericTextDecoder(BytesColumn column) {
    super(column);
    this.column = column;
  }

  @Override
  public void decode(byte[] message, int offset, int length) throws IOException {
    int digits = BinaryNumeric.digits(message, offset, length);
    switch (BinaryNumeric.sign(message, offset)) {
      case BinaryNumeric.POSITIVE -> finite(message, offset, digits, false);
      case BinaryNumeric.NEGATIVE -> finite(message, offset, digits, true);
      case BinaryNumeric.NAN -> column.append(NAN);
      case BinaryNumeric.INFINITY -> column.append(INFINITY);
      case BinaryNumeric.NEGATIVE_INFINITY -> column.append(NEGATIVE_INFINITY);
      default -> throw malformed("a numeric with an unknown sign");
    }
  }

  private void finite(byte[] message, int offset, int digits, boolean negative) {
    int weight = BinaryNumeric.weight(message, offset);
    int scale = BinaryNumeric.scale(message, offset);
    // Sign, a zero or the integer digits, the point, and whole digits that cover the scale.
    int room =
        3 + BinaryNumeric.DECIMALS * (Math.max(0, weight + 1) + 1) + scale + BinaryNumeric.DECIMALS;
    int position = column.reserve(room);
    byte[] data = column.data();
    if (negative) {
      data[position++] = '-';
    }
    position = integerPart(message, offset, digits, weight, data, position);
    if (scale > 0) {
      data[position++] = '.';
      int end = position + scale;
      for (int i = weight + 1; position < end; i++) {
        int digit = i >= 0 && i < digits ? BinaryNumeric.digit(message, offset, i) : 0;
        position = fourDigits(digit, data, position);
      }
      position = end;
    }
    column.commit(position);
  }

  private static int integerPart(
      byte[] message, int offset, int digits, int weight, byte[] data, int start) {
    int position = start;
    if (weight < 0) {
      data[position++] = '0';
      return position;
    }
    for (int i = 0; i <= weight; i++) {
      int digit = i < digits ? BinaryNumeric.digit(message, offset, i) : 0;
      position = i == 0 ? leadingDigit(digit, data, position) : fourDigits(digit, data, position);
    }
    return position;
  }

  private static int leadingDigit(int digit, byte[] data, int start) {
    int position = start;
    if (digit >= 1000) {
      data[position++] = (byte) ('0' + digit / 1000);
    }
    if (digit >= 100) {
      data[position++] = (byte) ('0' + digit / 100 % 10);
    }
    if (digit >= 10) {
      data[position++] = (byte) ('0' + digit / 10 % 10);
    }
    data[position++] = (byte) ('0' + digit % 10);
    return position;
  }

  private static int fourDigits(int digit, byte[] data, int position) {
    data[position] = (byte) ('0' + digit / 1000);
    data[position + 1] = (byte) ('0' + digit / 100 % 10);
    data[position + 2] = (byte) ('0' + digit / 10 % 10);
    data[position + 3] = (byte) ('0' + digit % 10);
    return position + BinaryNumeric.DECIMALS;
  }
}
