package dev.tapline.source.postgres.codec.text;

import dev.tapline.source.postgres.codec.FieldDecoder;
import dev.tapline.source.postgres.codec.binary.BinaryDecoders;
import dev.tapline.spi.batch.BooleanColumn;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.DoubleColumn;
import dev.tapline.spi.batch.ListColumn;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Scalar;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// The decoders of the text forms that the output functions of PostgreSQL write in a session with
/// UTC, ISO dates and hex bytea. What they append equals what [BinaryDecoders] append for the
/// binary form of the same value.
public final class TextDecoders {
  private TextDecoders() {}

  /// The decoder of the text form of a column's type.
  public static FieldDecoder of(Column column) {
    return switch (column) {
      case BooleanColumn booleans -> new Bool(booleans);
      case DoubleColumn doubles ->
          doubles.type() == Scalar.FLOAT32 ? new Float4(doubles) : new Float8(doubles);
      case LongColumn longs -> ofLong(longs);
      case BytesColumn bytes -> ofBytes(bytes);
      case ListColumn list -> new TextListDecoder(list, of(list.elements()));
    };
  }

  /// A `TIMESTAMP_TZ` out of its text form.
  public static long timestamp(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    return new TextTemporalDecoders.Scanner().timestamp(bytes);
  }

  private static FieldDecoder ofLong(LongColumn column) {
    return switch (column.type()) {
      case Scalar.DATE -> new TextTemporalDecoders.Date(column);
      case Scalar.TIME -> new TextTemporalDecoders.Time(column);
      case Scalar.TIMESTAMP, Scalar.TIMESTAMP_TZ -> new TextTemporalDecoders.Timestamp(column);
      case DataType.Decimal decimal -> new TextDecimalDecoder(column, decimal);
      default -> new Whole(column);
    };
  }

  private static FieldDecoder ofBytes(BytesColumn column) {
    if (column.type() == Scalar.BYTES) {
      return new Bytea(column);
    }
    return column.type() == Scalar.UUID ? new Uuid(column) : new BinaryDecoders.Raw(column);
  }

  private static final class Bool extends FieldDecoder {
    private final BooleanColumn column;

    Bool(BooleanColumn column) {
      super(column);
      this.column = column;
    }

    // `t` and `f`; where JSON is around them, `true` and `false`.
    @Override
    public void decode(byte[] message, int offset, int length) throws IOException {
      byte first = length == 0 ? 0 : message[offset];
      if (first != 't' && first != 'f') {
        throw malformed("a boolean that is neither true nor false");
      }
      column.append(first == 't');
    }
  }

  private static final class Whole extends FieldDecoder {
    private static final int MAX_DIGITS = 20;

    private final LongColumn column;

    Whole(LongColumn column) {
      super(column);
      this.column = column;
    }

    @Override
    public void decode(byte[] message, int offset, int length) throws IOException {
      boolean negative = length > 0 && message[offset] == '-';
      int position = negative ? offset + 1 : offset;
      int end = offset + length;
      if (position == end || length > MAX_DIGITS) {
        throw malformed("a whole number of " + length + " characters");
      }
      // Counted downwards, since the smallest long has no positive counterpart.
      long value = 0;
      while (position < end) {
        value = value * 10 - Digits.digit(message, position++);
      }
      if (value > 0 || (!negative && value == Long.MIN_VALUE)) {
        throw malformed("a whole number of more than 64 bits");
      }
      column.append(negative ? value : -value);
    }
  }

  private static final class Float4 extends FieldDecoder {
    private final DoubleColumn column;

    Float4(DoubleColumn column) {
      super(column);
      this.column = column;
    }

    @Override
    public void decode(byte[] message, int offset, int length) throws IOException {
      try {
        column.append(
            Float.parseFloat(new String(message, offset, length, StandardCharsets.US_ASCII)));
      } catch (NumberFormatException e) {
        throw notANumber(e);
      }
    }
  }

  private static final class Float8 extends FieldDecoder {
    // Whole numbers below 2^53 and powers of ten up to 10^22 are exact, and so is the rounding of
    // their quotient.
    private static final int EXACT_DIGITS = 15;
    private static final double[] POWERS = {
      1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };

    private final DoubleColumn column;

    Float8(DoubleColumn column) {
      super(column);
      this.column = column;
    }

    @Override
    public void decode(byte[] message, int offset, int length) throws IOException {
      int position = offset;
      int end = offset + length;
      boolean negative = length > 0 && message[offset] == '-';
      if (negative) {
        position++;
      }
      long value = 0;
      int decimals = -1;
      int digits = 0;
      for (; position < end && digits <= EXACT_DIGITS; position++) {
        int c = message[position];
        if (c >= '0' && c <= '9') {
          value = value * 10 + (c - '0');
          digits++;
          decimals += decimals >= 0 ? 1 : 0;
        } else if (c == '.' && decimals < 0) {
          decimals = 0;
        } else {
          break;
        }
      }
      if (position < end || digits == 0 || digits > EXACT_DIGITS) {
        column.append(slowly(message, offset, length));
      } else {
        double number = decimals > 0 ? value / POWERS[decimals] : value;
        column.append(negative ? -number : number);
      }
    }

    private static double slowly(byte[] message, int offset, int length) throws IOException {
      try {
        return Double.parseDouble(new String(message, offset, length, StandardCharsets.US_ASCII));
      } catch (NumberFormatException e) {
        throw notANumber(e);
      }
    }
  }

  private static IOException notANumber(NumberFormatException cause) {
    IOException failure = FieldDecoder.malformed("a number was expected");
    failure.initCause(cause);
    return failure;
  }

  // `\x00ff`; in wal2json's messages without the prefix.
  private static final class Bytea extends FieldDecoder {
    private final BytesColumn column;

    Bytea(BytesColumn column) {
      super(column);
      this.column = column;
    }

    @Override
    public void decode(byte[] message, int offset, int length) throws IOException {
      boolean prefixed = length >= 2 && message[offset] == '\\' && message[offset + 1] == 'x';
      int position = prefixed ? offset + 2 : offset;
      int count = (offset + length - position) / 2;
      if (position + 2 * count != offset + length) {
        throw malformed("bytes in an odd number of hexadecimal digits");
      }
      int to = column.reserve(count);
      byte[] data = column.data();
      for (int i = 0; i < count; i++, position += 2) {
        data[to + i] =
            (byte) (Digits.hex(message, position) << 4 | Digits.hex(message, position + 1));
      }
      column.commit(to + count);
    }
  }

  private static final class Uuid extends FieldDecoder {
    private static final int LENGTH = 36;
    private static final int BYTES = 16;

    private final BytesColumn column;

    Uuid(BytesColumn column) {
      super(column);
      this.column = column;
    }

    @Override
    public void decode(byte[] message, int offset, int length) throws IOException {
      requireLength(LENGTH, length);
      int to = column.reserve(BYTES);
      byte[] data = column.data();
      int position = offset;
      for (int i = 0; i < BYTES; i++) {
        if (message[position] == '-') {
          position++;
        }
        data[to + i] =
            (byte) (Digits.hex(message, position) << 4 | Digits.hex(message, position + 1));
        position += 2;
      }
      column.commit(to + BYTES);
    }
  }
}
