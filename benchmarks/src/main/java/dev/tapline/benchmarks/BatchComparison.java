package dev.tapline.benchmarks;

import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.BooleanColumn;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.DoubleColumn;
import dev.tapline.spi.batch.ListColumn;
import dev.tapline.spi.batch.LongColumn;
import java.util.Arrays;
import java.util.Objects;

/// Compares batches value by value.
final class BatchComparison {
  private BatchComparison() {}

  /// @throws IllegalStateException at the first value that differs
  static void requireEqual(Batch one, Batch other) {
    if (one.rows() != other.rows() || !one.schema().equals(other.schema())) {
      throw new IllegalStateException(one.rows() + " rows and " + other.rows());
    }
    for (int row = 0; row < one.rows(); row++) {
      requireEqual(one, row, other, row);
    }
  }

  /// The same for a row of each, in the order of the columns.
  ///
  /// @throws IllegalStateException at the first value that differs
  static void requireEqual(Batch one, int row, Batch other, int otherRow) {
    for (int i = 0; i < one.columns().size(); i++) {
      if (!equal(one.column(i), row, other.column(i), otherRow)) {
        String name = one.schema().fields().get(i).name();
        throw new IllegalStateException("column '%s', row %d differ".formatted(name, row));
      }
    }
  }

  private static boolean equal(Column one, int row, Column other, int otherRow) {
    if (one.isNull(row) || other.isNull(otherRow)) {
      return one.isNull(row) == other.isNull(otherRow);
    }
    return switch (one) {
      case BooleanColumn values -> values.get(row) == ((BooleanColumn) other).get(otherRow);
      case LongColumn values -> values.get(row) == ((LongColumn) other).get(otherRow);
      case DoubleColumn values ->
          Double.doubleToRawLongBits(values.get(row))
              == Double.doubleToRawLongBits(((DoubleColumn) other).get(otherRow));
      case BytesColumn values ->
          Arrays.equals(values.get(row), ((BytesColumn) other).get(otherRow));
      case ListColumn values -> equalLists(values, row, (ListColumn) other, otherRow);
    };
  }

  private static boolean equalLists(ListColumn one, int row, ListColumn other, int otherRow) {
    int length = one.end(row) - one.start(row);
    if (length != other.end(otherRow) - other.start(otherRow)
        || !Objects.equals(one.shape(row), other.shape(otherRow))) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (!equal(one.elements(), one.start(row) + i, other.elements(), other.start(otherRow) + i)) {
        return false;
      }
    }
    return true;
  }
}
