package dev.tapline.sink.parquet.encoding;

import dev.tapline.files.text.ValueText;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Column;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Encoders of values of variable length.
final class BinaryEncoders {
  private static final int WIDE = 16;

  private BinaryEncoders() {}

  /// Text, JSON and bytes, unchanged.
  static final class Plain extends ValueEncoder {
    @Override
    void value(Column column, int row, ValueConsumer target) throws IOException {
      BytesColumn bytes = (BytesColumn) column;
      int start = bytes.start(row);
      target.bytes(bytes.data(), start, bytes.end(row) - start);
    }

    @Override
    void rows(Column column, int from, int to, ValueConsumer target) throws IOException {
      BytesColumn bytes = (BytesColumn) column;
      byte[] data = bytes.data();
      boolean anyAbsent = anyAbsent(column);
      int start = bytes.start(from);
      for (int row = from; row < to; row++) {
        int end = bytes.end(row);
        if (anyAbsent && isAbsent(column, row)) {
          target.absent();
        } else {
          target.bytes(data, start, end - start);
        }
        start = end;
        target.endRow();
      }
    }
  }

  /// UUIDs.
  static final class Uuids extends ValueEncoder {
    @Override
    void value(Column column, int row, ValueConsumer target) throws IOException {
      BytesColumn bytes = (BytesColumn) column;
      target.uuid(bytes.data(), bytes.start(row));
    }

    @Override
    void rows(Column column, int from, int to, ValueConsumer target) throws IOException {
      BytesColumn bytes = (BytesColumn) column;
      boolean anyAbsent = anyAbsent(column);
      for (int row = from; row < to; row++) {
        if (anyAbsent && isAbsent(column, row)) {
          target.absent();
        } else {
          target.uuid(bytes.data(), bytes.start(row));
        }
        target.endRow();
      }
    }
  }

  /// Decimals that are text in a batch.
  static final class TextDecimals extends ValueEncoder {
    private final int scale;
    private final boolean wide;
    private final SpecialValueHandler special;
    private final byte[] unscaled = new byte[WIDE];

    /// @param wide whether it takes 16 bytes
    TextDecimals(int scale, boolean wide, SpecialValueHandler special) {
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

  /// Any type as the source's text.
  static final class Rendered extends ValueEncoder {
    private final char delimiter;

    /// @param delimiter separates the elements of a list
    Rendered(char delimiter) {
      this.delimiter = delimiter;
    }

    @Override
    void value(Column column, int row, ValueConsumer target) throws IOException {
      byte[] text = ValueText.of(column, row, delimiter).getBytes(StandardCharsets.UTF_8);
      target.bytes(text, 0, text.length);
    }

    @Override
    void rows(Column column, int from, int to, ValueConsumer target) throws IOException {
      oneByOne(column, from, to, target);
    }
  }
}
