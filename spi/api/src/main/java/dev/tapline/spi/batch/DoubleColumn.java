package dev.tapline.spi.batch;

import dev.tapline.spi.catalog.DataType;
import java.util.Arrays;

/// Floating-point numbers. A `FLOAT32` is widened, which is exact: cast it back to `float` before
/// writing it as text.
public final class DoubleColumn extends Column {
  private double[] values;

  DoubleColumn(DataType type, int capacity) {
    super(type, capacity);
    values = new double[Math.max(1, capacity)];
  }

  /// Adds a row.
  public void append(double value) {
    int row = next();
    if (row == values.length) {
      values = Arrays.copyOf(values, row * 2);
    }
    values[row] = value;
  }

  /// The value of a row that is neither NULL nor unchanged.
  public double get(int row) {
    return values[row];
  }

  /// The array itself, for hot loops: rows from 0 to [#size()], to be read only, and only until the
  /// batch is given back.
  public double[] array() {
    return values;
  }

  @Override
  void appendValue(Column from, int row) {
    append(((DoubleColumn) from).get(row));
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
