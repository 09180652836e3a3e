package dev.tapline.source.postgres.codec.binary;

import dev.tapline.source.postgres.codec.BigEndian;
import dev.tapline.source.postgres.codec.FieldDecoder;
import dev.tapline.source.postgres.codec.WireFormat;
import dev.tapline.spi.batch.BooleanColumn;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.DoubleColumn;
import dev.tapline.spi.batch.ListColumn;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.Temporals;
import java.io.IOException;

/// The decoders of the binary wire formats. Each is a class of its own, so that a call in the loop
/// over the fields of a row does nothing but its own work.
public final class BinaryDecoders {
  private BinaryDecoders() {}

  /// The decoder of a form.
  ///
  /// @param wire how the values arrive, or how their elements do when the column is of lists
  public static FieldDecoder of(WireFormat wire, Column column) {
    if (column instanceof ListColumn list) {
      return new BinaryListDecoder(list, of(wire, list.elements()));
    }
    return switch (wire) {
      case BOOL -> new Bool((BooleanColumn) column);
      case INT2 -> new Int2((LongColumn) column);
      case INT4 -> new Int4((LongColumn) column);
      case INT8, MICROS -> new Int8((LongColumn) column);
      case OID -> new Oid((LongColumn) column);
      case FLOAT4 -> new Float4((DoubleColumn) column);
      case FLOAT8 -> new Float8((DoubleColumn) column);
      case NUMERIC ->
          column instanceof LongColumn longs
              ? new NumericLongDecoder(longs)
              : new NumericTextDecoder((BytesColumn) column);
      case DATE -> new Date((LongColumn) column);
      case JSONB -> new Jsonb((BytesColumn) column);
      case UUID -> new Uuid((BytesColumn) column);
      case RAW -> new Raw((BytesColumn) column);
    };
  }

  private static final class Bool extends FieldDecoder {
    private final BooleanColumn column;

    Bool(BooleanColumn column) {
      super(column);
      this.column = column;
    }

    @Override
    public void decode(byte[] message, int offset, int length) throws IOException {
      requireLength(1, length);
      column.append(message[offset] != 0);
    }
  }

  private static final class Int2 extends FieldDecoder {
    private final LongColumn column;

    Int2(LongColumn column) {
      super(column);
      this.column = column;
    }

    @Override
    public void decode(byte[] message, int offset, int length) throws IOException {
      requireLength(Short.BYTES, length);
      column.append(BigEndian.int16(message, offset));
    }
  }

  private static final class Int4 extends FieldDecoder {
    private final LongColumn column;

    Int4(LongColumn column) {
      super(column);
      this.column = column;
    }

    @Override
    public void decode(byte[] message, int offset, int length) throws IOException {
      requireLength(Integer.BYTES, length);
      column.append(BigEndian.int32(message, offset));
    }
  }

  // Times and timestamps too: they count as columns do, and have the same infinities.
  private static final class Int8 extends FieldDecoder {
    private final LongColumn column;

    Int8(LongColumn column) {
      super(column);
      this.column = column;
    }

    @Override
    public void decode(byte[] message, int offset, int length) throws IOException {
      requireLength(Long.BYTES, length);
      column.append(BigEndian.int64(message, offset));
    }
  }

  private static final class Oid extends FieldDecoder {
    private final LongColumn column;

    Oid(LongColumn column) {
      super(column);
      this.column = column;
    }

    @Override
    public void decode(byte[] message, int offset, int length) throws IOException {
      requireLength(Integer.BYTES, length);
      column.append(Integer.toUnsignedLong(BigEndian.int32(message, offset)));
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
      requireLength(Float.BYTES, length);
      column.append(Float.intBitsToFloat(BigEndian.int32(message, offset)));
    }
  }

  private static final class Float8 extends FieldDecoder {
    private final DoubleColumn column;

    Float8(DoubleColumn column) {
      super(column);
      this.column = column;
    }

    @Override
    public void decode(byte[] message, int offset, int length) throws IOException {
      requireLength(Double.BYTES, length);
      column.append(Double.longBitsToDouble(BigEndian.int64(message, offset)));
    }
  }

  private static final class Date extends FieldDecoder {
    private final LongColumn column;

    Date(LongColumn column) {
      super(column);
      this.column = column;
    }

    @Override
    public void decode(byte[] message, int offset, int length) throws IOException {
      requireLength(Integer.BYTES, length);
      int day = BigEndian.int32(message, offset);
      column.append(
          switch (day) {
            case Integer.MAX_VALUE -> Temporals.INFINITY;
            case Integer.MIN_VALUE -> Temporals.NEGATIVE_INFINITY;
            default -> day + Temporals.EPOCH_DAYS;
          });
    }
  }

  private static final class Jsonb extends FieldDecoder {
    private static final int VERSION = 1;

    private final BytesColumn column;

    Jsonb(BytesColumn column) {
      super(column);
      this.column = column;
    }

    @Override
    public void decode(byte[] message, int offset, int length) throws IOException {
      if (length == 0 || message[offset] != VERSION) {
        throw malformed("jsonb of an unknown version");
      }
      column.append(message, offset + 1, length - 1);
    }
  }

  private static final class Uuid extends FieldDecoder {
    private static final int LENGTH = 16;

    private final BytesColumn column;

    Uuid(BytesColumn column) {
      super(column);
      this.column = column;
    }

    @Override
    public void decode(byte[] message, int offset, int length) throws IOException {
      requireLength(LENGTH, length);
      column.append(message, offset, length);
    }
  }

  public static final class Raw extends FieldDecoder {
    private final BytesColumn column;

    public Raw(BytesColumn column) {
      super(column);
      this.column = column;
    }

    @Override
    public void decode(byte[] message, int offset, int length) {
      column.append(message, offset, length);
    }
  }
}
