package dev.tapline.source.postgres.decode;

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
    int digits = NumericForm.digits(message, offset, length);
    switch (NumericForm.sign(message, offset)) {
      case NumericForm.POSITIVE -> finite(message, offset, digits, false);
      case NumericForm.NEGATIVE -> finite(message, offset, digits, true);
      case NumericForm.NAN -> column.append(NAN);
      case NumericForm.INFINITY -> column.append(INFINITY);
      case NumericForm.NEGATIVE_INFINITY -> column.append(NEGATIVE_INFINITY);
      default -> throw malformed("a numeric with an unknown sign");
    }
  }

  private void finite(byte[] message, int offset, int digits, boolean negative) {
    int weight = NumericForm.weight(message, offset);
    int scale = NumericForm.scale(message, offset);
    // Sign, a zero or the integer digits, the point, and whole digits that cover the scale.
    int room =
        3 + NumericForm.DECIMALS * (Math.max(0, weight + 1) + 1) + scale + NumericForm.DECIMALS;
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
        int digit = i >= 0 && i < digits ? NumericForm.digit(message, offset, i) : 0;
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
      int digit = i < digits ? NumericForm.digit(message, offset, i) : 0;
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
    return position + NumericForm.DECIMALS;
  }
}
