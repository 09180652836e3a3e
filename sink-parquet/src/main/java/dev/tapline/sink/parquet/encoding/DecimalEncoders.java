package dev.tapline.sink.parquet.encoding;

import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.DataType.Decimal;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;

/// Encoders of decimals that the format has as decimals: of at most 38 digits. What does not fit is
/// text, see [dev.tapline.sink.parquet.schema.TypePolicy].
final class DecimalEncoders {
  private static final int WIDE = 16;

  private DecimalEncoders() {}

  /// Decimals that are longs in a batch ([Decimal#fitsLong]); NaN and infinity cannot be stored.
  static final class OfLongs extends ValueEncoder {
    private final SpecialValueHandler special;

    OfLongs(SpecialValueHandler special) {
      this.special = special;
    }

    @Override
    void value(Column column, int row, ValueConsumer target) throws IOException {
      write(((LongColumn) column).get(row), target);
    }

    @Override
    void rows(Column column, int from, int to, ValueConsumer target) throws IOException {
      LongColumn values = (LongColumn) column;
      boolean anyAbsent = anyAbsent(column);
      for (int row = from; row < to; row++) {
        if (anyAbsent && isAbsent(column, row)) {
          target.absent();
        } else {
          write(values.get(row), target);
        }
        target.endRow();
      }
    }

    private void write(long value, ValueConsumer target) throws IOException {
      if (value == Decimal.NAN) {
        special.handle("NaN", target);
      } else if (value == Decimal.INFINITY || value == Decimal.NEGATIVE_INFINITY) {
        special.handle(RangeCheckedEncoders.infinity(value), target);
      } else {
        target.decimal(value);
      }
    }
  }

  /// Decimals that are text in a batch.
  static final class OfTexts extends ValueEncoder {
    private final int scale;
    private final boolean wide;
    private final SpecialValueHandler special;
    private final byte[] unscaled = new byte[WIDE];

    /// @param wide whether it takes 16 bytes
    OfTexts(int scale, boolean wide, SpecialValueHandler special) {
      this.scale = scale;
      this.wide = wide;
      this.special = special;
    }

    @Override
    void value(Column column, int row, ValueConsumer target) throws IOException {
      String text = ((BytesColumn) column).text(row);
      if (text.endsWith("N") || text.endsWith("y")) {
        special.handle(text, target);
        return;
      }
      BigInteger number = new BigDecimal(text).setScale(scale).unscaledValue();
      if (!wide) {
        target.decimal(number.longValueExact());
        return;
      }
      byte[] bytes = number.toByteArray();
      Arrays.fill(unscaled, 0, WIDE - bytes.length, (byte) (number.signum() < 0 ? -1 : 0));
      System.arraycopy(bytes, 0, unscaled, WIDE - bytes.length, bytes.length);
      target.decimal(unscaled);
    }

    @Override
    void rows(Column column, int from, int to, ValueConsumer target) throws IOException {
      oneByOne(column, from, to, target);
    }
  }
}
