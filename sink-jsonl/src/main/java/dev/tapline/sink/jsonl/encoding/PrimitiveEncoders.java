package dev.tapline.sink.jsonl.encoding;

import dev.tapline.spi.batch.BooleanColumn;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.DoubleColumn;
import dev.tapline.spi.catalog.DataType;
import java.io.IOException;

/// Encoders of booleans and floating-point numbers.
final class PrimitiveEncoders {
  private static final byte[] TRUE = Ascii.bytes("true");
  private static final byte[] FALSE = Ascii.bytes("false");

  private PrimitiveEncoders() {}

  static final class Truth extends ValueEncoder {
    private BooleanColumn values = (BooleanColumn) Column.of(DataType.Scalar.BOOLEAN, 1);

    @Override
    void bind(Column column) {
      values = (BooleanColumn) column;
    }

    @Override
    void write(JsonBuffer out, int row) throws IOException {
      out.put(values.get(row) ? TRUE : FALSE);
    }
  }

  abstract static class OfDouble extends ValueEncoder {
    double[] values = {};

    @Override
    void bind(Column column) {
      values = ((DoubleColumn) column).array();
    }
  }

  static final class DoublePrecision extends OfDouble {
    @Override
    void write(JsonBuffer out, int row) throws IOException {
      out.ensure(FloatText.MAX_LENGTH);
      out.position = FloatText.writeDouble(out.bytes, out.position, values[row]);
    }
  }

  static final class SinglePrecision extends OfDouble {
    @Override
    void write(JsonBuffer out, int row) throws IOException {
      out.ensure(FloatText.MAX_LENGTH);
      out.position = FloatText.writeFloat(out.bytes, out.position, values[row]);
    }
  }
}
