package dev.tapline.spi.batch;

import dev.tapline.spi.catalog.DataType;
import java.util.Arrays;

/// Whole numbers, dates, times, timestamps, and decimals of up to 18 digits: see [DataType] for
/// what the long of each type counts.
public final class LongColumn extends Column {
  private long[] values;

  LongColumn(DataType type, int capacity) {
    super(type, capacity);
    values = new long[Math.max(1, capacity)];
  }

  /// Adds a row.
  public void append(long value) {
    int row = next();
    if (row == values.length) {
      values = Arrays.copyOf(values, row * 2);
    }
    values[row] = value;
  }

  /// The value of a row that is neither NULL nor unchanged.
  public long get(int row) {
    return values[row];
  }

  /// The array itself, for hot loops: rows from 0 to [#size()], to be read only, and only until the
  /// batch is given back.
  public long[] array() {
    return values;
  }

  @Override
  void appendValue(Column from, int row) {
    append(((LongColumn) from).get(row));
  }

  @Override
  public long payloadBytes() {
    return 8L * size();
  }

  @Override
  void appendPlaceholder() {
    append(0);
  }

  @Override
  void cutTo(int rows) {}
}
