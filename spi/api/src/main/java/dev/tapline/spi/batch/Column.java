package dev.tapline.spi.batch;

import dev.tapline.spi.catalog.DataType;
import java.util.Arrays;

/// The values of one field for the rows of a batch, in arrays.
///
/// Each row has one value, NULL, or *unchanged*: a value that the log did not carry because an
/// update left it alone (TOAST). Unchanged is not NULL: the sink keeps what it has.
///
/// A source appends exactly one entry a row; a sink reads. Not safe for use by two threads at once.
public abstract sealed class Column
    permits BooleanColumn, BytesColumn, DoubleColumn, ListColumn, LongColumn {
  private final DataType type;
  private boolean[] nulls;
  private boolean[] unchanged = {};
  private boolean anyNull;
  private boolean anyUnchanged;
  private int size;

  Column(DataType type, int capacity) {
    this.type = type;
    this.nulls = new boolean[Math.max(1, capacity)];
  }

  /// A column of the class that keeps `type`.
  ///
  /// @param capacity the number of rows to make room for; it grows when more come
  public static Column of(DataType type, int capacity) {
    return switch (type.storage()) {
      case BOOLEAN -> new BooleanColumn(type, capacity);
      case LONG -> new LongColumn(type, capacity);
      case DOUBLE -> new DoubleColumn(type, capacity);
      case BYTES -> new BytesColumn(type, capacity);
      case LIST -> new ListColumn((DataType.ListOf) type, capacity);
    };
  }

  /// The type of the values.
  public final DataType type() {
    return type;
  }

  /// How many rows have an entry.
  public final int size() {
    return size;
  }

  /// Whether the row's value is NULL.
  public final boolean isNull(int row) {
    return nulls[row];
  }

  /// Whether the row's value was not carried.
  public final boolean isUnchanged(int row) {
    return anyUnchanged && unchanged[row];
  }

  /// Whether any row is NULL; false lets a sink skip the question for each row.
  public final boolean hasNulls() {
    return anyNull;
  }

  /// Whether any row is unchanged.
  public final boolean hasUnchanged() {
    return anyUnchanged;
  }

  /// Adds a row that is NULL.
  public final void appendNull() {
    appendPlaceholder();
    nulls[size - 1] = true;
    anyNull = true;
  }

  /// Adds a row whose value was not carried.
  public final void appendUnchanged() {
    appendPlaceholder();
    if (unchanged.length < nulls.length) {
      unchanged = Arrays.copyOf(unchanged, nulls.length);
    }
    unchanged[size - 1] = true;
    anyUnchanged = true;
  }

  /// Adds what a row of another column has: its value, NULL, or that it was not carried.
  ///
  /// @param from a column of the same class; it may be this one
  /// @throws ClassCastException if it is of another class
  public final void appendFrom(Column from, int row) {
    if (from.isUnchanged(row)) {
      appendUnchanged();
    } else if (from.isNull(row)) {
      appendNull();
    } else {
      appendValue(from, row);
    }
  }

  /// Adds a value that is there.
  abstract void appendValue(Column from, int row);

  /// How many bytes the values take, without masks and offsets.
  public abstract long payloadBytes();

  /// Takes the arrays' room for a value that is not there.
  abstract void appendPlaceholder();

  /// Drops the values beyond [#size()] that a subclass keeps elsewhere.
  abstract void cutTo(int rows);

  /// Removes every row, keeping the arrays.
  final void clear() {
    truncate(0);
  }

  /// Removes the rows from `rows` on: what a source has begun to append and cannot finish.
  final void truncate(int rows) {
    if (anyNull) {
      Arrays.fill(nulls, rows, size, false);
    }
    if (anyUnchanged) {
      Arrays.fill(
          unchanged, Math.min(rows, unchanged.length), Math.min(size, unchanged.length), false);
    }
    if (rows == 0) {
      anyNull = false;
      anyUnchanged = false;
    }
    cutTo(rows);
    size = rows;
  }

  /// Counts one more row, growing the masks with the subclass's arrays.
  final int next() {
    if (size == nulls.length) {
      nulls = Arrays.copyOf(nulls, size * 2);
      if (anyUnchanged) {
        unchanged = Arrays.copyOf(unchanged, nulls.length);
      }
    }
    return size++;
  }
}
