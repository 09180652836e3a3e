package dev.tapline.sink.jsonl.encoding;

import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.DataType.Decimal;
import dev.tapline.spi.catalog.Temporals;
import java.io.IOException;

/// Encoders of types stored as a long.
final class LongEncoders {
  private static final byte[] INFINITY = Ascii.bytes("\"infinity\"");
  private static final byte[] NEGATIVE_INFINITY = Ascii.bytes("\"-infinity\"");
  private static final byte[] DECIMAL_NAN = Ascii.bytes("\"NaN\"");
  private static final byte[] DECIMAL_INFINITY = Ascii.bytes("\"Infinity\"");
  private static final byte[] DECIMAL_NEGATIVE_INFINITY = Ascii.bytes("\"-Infinity\"");

  private LongEncoders() {}

  abstract static class OfLong extends ValueEncoder {
    long[] values = {};

    @Override
    void bind(Column column) {
      values = ((LongColumn) column).array();
    }
  }

  static final class Whole extends OfLong {
    @Override
    void write(JsonBuffer out, int row) throws IOException {
      out.ensure(NumberText.MAX_LENGTH);
      out.position = NumberText.write(out.bytes, out.position, values[row]);
    }
  }

  static final class Scaled extends OfLong {
    private final int scale;

    Scaled(int scale) {
      this.scale = scale;
    }

    @Override
    void write(JsonBuffer out, int row) throws IOException {
      long value = values[row];
      if (value == Decimal.NAN) {
        out.put(DECIMAL_NAN);
      } else if (value == Decimal.INFINITY) {
        out.put(DECIMAL_INFINITY);
      } else if (value == Decimal.NEGATIVE_INFINITY) {
        out.put(DECIMAL_NEGATIVE_INFINITY);
      } else {
        out.ensure(NumberText.MAX_DECIMAL_LENGTH);
        out.position = NumberText.writeDecimal(out.bytes, out.position, value, scale);
      }
    }
  }

  static final class Date extends OfLong {
    @Override
    void write(JsonBuffer out, int row) throws IOException {
      long day = values[row];
      if (Temporals.isInfinite(day)) {
        out.put(day > 0 ? INFINITY : NEGATIVE_INFINITY);
        return;
      }
      out.ensure(TemporalText.MAX_LENGTH);
      byte[] to = out.bytes;
      to[out.position] = '"';
      int end = TemporalText.writeDate(to, out.position + 1, day);
      to[end] = '"';
      out.position = end + 1;
    }
  }

  static final class Time extends OfLong {
    @Override
    void write(JsonBuffer out, int row) throws IOException {
      out.ensure(TemporalText.MAX_LENGTH);
      byte[] to = out.bytes;
      to[out.position] = '"';
      int end = TemporalText.writeTime(to, out.position + 1, values[row]);
      to[end] = '"';
      out.position = end + 1;
    }
  }

  static final class Timestamp extends OfLong {
    private final boolean utc;

    Timestamp(boolean utc) {
      this.utc = utc;
    }

    @Override
    void write(JsonBuffer out, int row) throws IOException {
      writeTimestamp(out, values[row], utc);
    }
  }

  /// Writes a timestamp as a JSON string, with a Z if it is an instant.
  static void writeTimestamp(JsonBuffer out, long micros, boolean utc) throws IOException {
    if (Temporals.isInfinite(micros)) {
      out.put(micros > 0 ? INFINITY : NEGATIVE_INFINITY);
      return;
    }
    out.ensure(TemporalText.MAX_LENGTH);
    byte[] to = out.bytes;
    to[out.position] = '"';
    int end = TemporalText.writeTimestamp(to, out.position + 1, micros);
    if (utc) {
      to[end++] = 'Z';
    }
    to[end] = '"';
    out.position = end + 1;
  }
}
