package dev.tapline.spi.batch;

import dev.tapline.spi.catalog.DataType;
import java.util.Arrays;

/// Truth values.
public final class BooleanColumn extends Column {
  private boolean[] values;

  BooleanColumn(DataType type, int capacity) {
    super(type, capacity);
    values = new boolean[Math.max(1, capacity)];
  }

  /// Adds a row.
  public void append(boolean value) {
    int row = next();
    if (row == values.length) {
      values = Arrays.copyOf(values, row * 2);
    }
    values[row] = value;
  }

  /// The value of a row that is neither NULL nor unchanged.
  public boolean get(int row) {
    return values[row];
  }

  @Override
  void appendValue(Column from, int row) {
    append(((BooleanColumn) from).get(row));
  }

  @Override
  public long payloadBytes() {
    return size();
  }

  @Override
  void appendPlaceholder() {
    append(false);
  }

  @Override
  void cutTo(int rows) {}
}
