package dev.tapline.source.postgres.codec.text;

import dev.tapline.source.postgres.codec.FieldDecoder;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.DataType.Decimal;
import java.io.IOException;

/// Decodes the plain digits of a `numeric(p,s)` of up to 18 digits to the number times 10^s.
final class TextDecimalDecoder extends FieldDecoder {
  private final LongColumn column;
  private final int scale;

  TextDecimalDecoder(LongColumn column, Decimal type) {
    super(column);
    this.column = column;
    this.scale = type.scale();
  }

  @Override
  public void decode(byte[] message, int offset, int length) throws IOException {
    int position = offset;
    int end = offset + length;
    boolean negative = length > 0 && message[offset] == '-';
    if (negative) {
      position++;
    }
    if (position == end || message[position] > '9') {
      column.append(special(message, offset, length));
      return;
    }
    long value = 0;
    int digits = 0;
    int decimals = -1;
    for (; position < end; position++) {
      if (message[position] == '.' && decimals < 0) {
        decimals = 0;
      } else {
        value = value * 10 + Digits.digit(message, position);
        digits += value == 0 ? 0 : 1;
        decimals += decimals >= 0 ? 1 : 0;
      }
    }
    for (int i = Math.max(0, decimals); i < scale; i++) {
      value *= 10;
      digits += value == 0 ? 0 : 1;
    }
    if (digits > Decimal.LONG_DIGITS || decimals > scale) {
      throw malformed("a numeric with more digits than its type");
    }
    column.append(negative ? -value : value);
  }

  private static long special(byte[] text, int offset, int length) throws IOException {
    if (Digits.is("NaN", text, offset, length)) {
      return Decimal.NAN;
    }
    if (Digits.is("Infinity", text, offset, length)) {
      return Decimal.INFINITY;
    }
    if (Digits.is("-Infinity", text, offset, length)) {
      return Decimal.NEGATIVE_INFINITY;
    }
    throw malformed("a numeric was expected");
  }
}
