package dev.tapline.sink.parquet.encoding;

import dev.tapline.spi.batch.BooleanColumn;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.DoubleColumn;
import dev.tapline.spi.batch.LongColumn;
import java.io.IOException;

/// Encoders of numbers and booleans, all of whose values can be stored.
final class NumericEncoders {
  private NumericEncoders() {}

  /// Booleans.
  static final class Booleans extends ValueEncoder {
    @Override
    void value(Column column, int row, ValueConsumer target) throws IOException {
      target.bool(((BooleanColumn) column).get(row));
    }

    @Override
    void rows(Column column, int from, int to, ValueConsumer target) throws IOException {
      BooleanColumn values = (BooleanColumn) column;
      boolean anyAbsent = anyAbsent(column);
      for (int row = from; row < to; row++) {
        if (anyAbsent && isAbsent(column, row)) {
          target.absent();
        } else {
          target.bool(values.get(row));
        }
        target.endRow();
      }
    }
  }

  /// 16-bit and 32-bit integers.
  static final class Ints extends ValueEncoder {
    @Override
    void value(Column column, int row, ValueConsumer target) throws IOException {
      target.int32((int) ((LongColumn) column).get(row));
    }

    @Override
    void rows(Column column, int from, int to, ValueConsumer target) throws IOException {
      LongColumn values = (LongColumn) column;
      boolean anyAbsent = anyAbsent(column);
      for (int row = from; row < to; row++) {
        if (anyAbsent && isAbsent(column, row)) {
          target.absent();
        } else {
          target.int32((int) values.get(row));
        }
        target.endRow();
      }
    }
  }

  /// Numbers of 64 bits.
  static final class Longs extends ValueEncoder {
    @Override
    void value(Column column, int row, ValueConsumer target) throws IOException {
      target.int64(((LongColumn) column).get(row));
    }

    @Override
    void rows(Column column, int from, int to, ValueConsumer target) throws IOException {
      LongColumn values = (LongColumn) column;
      boolean anyAbsent = anyAbsent(column);
      for (int row = from; row < to; row++) {
        if (anyAbsent && isAbsent(column, row)) {
          target.absent();
        } else {
          target.int64(values.get(row));
        }
        target.endRow();
      }
    }
  }

  /// Numbers of 32 bits.
  static final class Floats extends ValueEncoder {
    @Override
    void value(Column column, int row, ValueConsumer target) throws IOException {
      target.float32((float) ((DoubleColumn) column).get(row));
    }

    @Override
    void rows(Column column, int from, int to, ValueConsumer target) throws IOException {
      DoubleColumn values = (DoubleColumn) column;
      boolean anyAbsent = anyAbsent(column);
      for (int row = from; row < to; row++) {
        if (anyAbsent && isAbsent(column, row)) {
          target.absent();
        } else {
          target.float32((float) values.get(row));
        }
        target.endRow();
      }
    }
  }

  /// Numbers of 64 bits.
  static final class Doubles extends ValueEncoder {
    @Override
    void value(Column column, int row, ValueConsumer target) throws IOException {
      target.float64(((DoubleColumn) column).get(row));
    }

    @Override
    void rows(Column column, int from, int to, ValueConsumer target) throws IOException {
      DoubleColumn values = (DoubleColumn) column;
      boolean anyAbsent = anyAbsent(column);
      for (int row = from; row < to; row++) {
        if (anyAbsent && isAbsent(column, row)) {
          target.absent();
        } else {
          target.float64(values.get(row));
        }
        target.endRow();
      }
    }
  }
}
