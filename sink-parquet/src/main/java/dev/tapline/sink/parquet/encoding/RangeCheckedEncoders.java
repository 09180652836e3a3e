package dev.tapline.sink.parquet.encoding;

import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.Temporals;
import java.io.IOException;

/// Encoders of types with values that the format cannot store.
final class RangeCheckedEncoders {
  private static final long DAY = 86_400_000_000L;
  private static final long LAST_MICROS = Long.MAX_VALUE - Temporals.EPOCH_MICROS;

  private RangeCheckedEncoders() {}

  /// Days; infinity cannot be stored.
  static final class Dates extends ValueEncoder {
    private final SpecialValueHandler special;

    Dates(SpecialValueHandler special) {
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
      if (value != (int) value) {
        special.handle(infinity(value), target);
      } else {
        target.int32((int) value);
      }
    }
  }

  /// Microseconds of a day; 24:00 cannot be stored.
  static final class Times extends ValueEncoder {
    private final SpecialValueHandler special;

    Times(SpecialValueHandler special) {
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
      if (value >= DAY) {
        special.handle("24:00", target);
      } else {
        target.int64(value);
      }
    }
  }

  /// Microseconds since 1970; infinity and what exceeds 64 bits cannot be stored.
  static final class Timestamps extends ValueEncoder {
    private final SpecialValueHandler special;

    Timestamps(SpecialValueHandler special) {
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
      if (value > LAST_MICROS || value == Temporals.NEGATIVE_INFINITY) {
        special.handle(
            Temporals.isInfinite(value) ? infinity(value) : Temporals.dateTime(value).toString(),
            target);
      } else {
        target.int64(value + Temporals.EPOCH_MICROS);
      }
    }
  }

  static String infinity(long value) {
    return value > 0 ? "infinity" : "-infinity";
  }
}
