package dev.tapline.sink.jdbc.dialect.postgresql;

import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.DataType.Decimal;
import java.math.BigDecimal;

/// Writes decimals in PostgreSQL's binary format: digits in base 10,000, the weight of the first,
/// the sign, and how many decimal digits are shown behind the point (`numeric_recv` in its source).
final class BinaryNumeric {
  private static final int POSITIVE = 0x0000;
  private static final int NEGATIVE = 0x4000;
  private static final int NAN = 0xC000;
  private static final int INFINITY = 0xD000;
  private static final int NEGATIVE_INFINITY = 0xF000;
  private static final int DIGITS = 4;
  private static final int HEADER = 8;

  private BinaryNumeric() {}

  static void write(CopyBuffer buffer, Column column, int row) {
    if (column instanceof BytesColumn bytes) {
      text(buffer, bytes.text(row));
      return;
    }
    long value = ((LongColumn) column).get(row);
    if (value == Decimal.NAN) {
      special(buffer, NAN);
    } else if (value == Decimal.INFINITY || value == Decimal.NEGATIVE_INFINITY) {
      special(buffer, value > 0 ? INFINITY : NEGATIVE_INFINITY);
    } else {
      int scale = ((Decimal) column.type()).scale();
      digits(buffer, Long.toString(Math.abs(value)), scale, value < 0);
    }
  }

  private static void text(CopyBuffer buffer, String text) {
    switch (text) {
      case "NaN" -> special(buffer, NAN);
      case "Infinity" -> special(buffer, INFINITY);
      case "-Infinity" -> special(buffer, NEGATIVE_INFINITY);
      default -> {
        BigDecimal value = new BigDecimal(text);
        BigDecimal plain = value.scale() < 0 ? value.setScale(0) : value;
        digits(buffer, plain.unscaledValue().abs().toString(), plain.scale(), plain.signum() < 0);
      }
    }
  }

  private static void special(CopyBuffer buffer, int sign) {
    buffer.putInt(HEADER);
    buffer.putShort(0);
    buffer.putShort(0);
    buffer.putShort(sign);
    buffer.putShort(0);
  }

  // Groups of four digits are counted from the point, so that zeros are added in thought on both
  // sides: position 0 is the first digit before the point, counted from it to the left.
  private static void digits(CopyBuffer buffer, String digits, int scale, boolean negative) {
    int whole = digits.length() - scale;
    int highest = Math.floorDiv(whole - 1, DIGITS);
    int lowest = -Math.ceilDiv(scale, DIGITS);
    while (highest >= lowest && group(digits, whole, highest) == 0) {
      highest--;
    }
    while (lowest <= highest && group(digits, whole, lowest) == 0) {
      lowest++;
    }
    int count = highest - lowest + 1;
    buffer.putInt(HEADER + 2 * count);
    buffer.putShort(count);
    buffer.putShort(count == 0 ? 0 : highest);
    buffer.putShort(negative && count > 0 ? NEGATIVE : POSITIVE);
    buffer.putShort(scale);
    for (int i = highest; i >= lowest; i--) {
      buffer.putShort(group(digits, whole, i));
    }
  }

  private static int group(String digits, int whole, int group) {
    int value = 0;
    int first = whole - (group + 1) * DIGITS;
    for (int i = first; i < first + DIGITS; i++) {
      value = value * 10 + (i >= 0 && i < digits.length() ? digits.charAt(i) - '0' : 0);
    }
    return value;
  }
}
