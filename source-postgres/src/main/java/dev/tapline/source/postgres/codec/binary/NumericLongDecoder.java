package dev.tapline.source.postgres.codec.binary;

import dev.tapline.source.postgres.codec.FieldDecoder;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.DataType.Decimal;
import java.io.IOException;

/// Decodes `numeric(p,s)` of up to 18 digits to the number times 10^s.
final class NumericLongDecoder extends FieldDecoder {
  private static final long[] POWERS = powers();

  // Any digit times this power of ten has at most 18 decimal digits.
  private static final int ALWAYS_FITS = Decimal.LONG_DIGITS - BinaryNumeric.DECIMALS;

  private final LongColumn column;
  private final int scale;
  private final long limit;

  NumericLongDecoder(LongColumn column) {
    super(column);
    Decimal type = (Decimal) column.type();
    this.column = column;
    this.scale = type.scale();
    this.limit = POWERS[type.precision()];
  }

  @Override
  public void decode(byte[] message, int offset, int length) throws IOException {
    int digits = BinaryNumeric.digits(message, offset, length);
    switch (BinaryNumeric.sign(message, offset)) {
      case BinaryNumeric.POSITIVE -> column.append(magnitude(message, offset, digits));
      case BinaryNumeric.NEGATIVE -> column.append(-magnitude(message, offset, digits));
      case BinaryNumeric.NAN -> column.append(Decimal.NAN);
      case BinaryNumeric.INFINITY -> column.append(Decimal.INFINITY);
      case BinaryNumeric.NEGATIVE_INFINITY -> column.append(Decimal.NEGATIVE_INFINITY);
      default -> throw malformed("a numeric with an unknown sign");
    }
  }

  // Each digit stands for itself times 10^exponent once the number is scaled. The digit before
  // which
  // the scale ends has zeros below it, since the server has rounded to the scale.
  private long magnitude(byte[] message, int offset, int digits) throws IOException {
    int exponent = BinaryNumeric.DECIMALS * BinaryNumeric.weight(message, offset) + scale;
    long value = 0;
    for (int i = 0; i < digits; i++, exponent -= BinaryNumeric.DECIMALS) {
      int digit = BinaryNumeric.digit(message, offset, i);
      if (exponent >= 0) {
        if (exponent > ALWAYS_FITS
            && (exponent > Decimal.LONG_DIGITS
                || digit >= POWERS[Decimal.LONG_DIGITS - exponent])) {
          throw tooLarge();
        }
        value += digit * POWERS[exponent];
      } else {
        if (-exponent >= BinaryNumeric.DECIMALS || digit % POWERS[-exponent] != 0) {
          throw malformed("a numeric with more decimal places than its type");
        }
        value += digit / POWERS[-exponent];
      }
    }
    if (value >= limit) {
      throw tooLarge();
    }
    return value;
  }

  private static IOException tooLarge() {
    return malformed("a numeric with more digits than its type");
  }

  private static long[] powers() {
    long[] powers = new long[Decimal.LONG_DIGITS + 1];
    powers[0] = 1;
    for (int i = 1; i < powers.length; i++) {
      powers[i] = powers[i - 1] * 10;
    }
    return powers;
  }
}
