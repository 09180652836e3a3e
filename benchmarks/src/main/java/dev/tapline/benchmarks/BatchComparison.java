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
    for (int i = 0; i < one.columns().size(); i++) {
      String name = one.schema().fields().get(i).name();
      for (int row = 0; row < one.rows(); row++) {
        if (!equal(one.column(i), other.column(i), row)) {
          throw new IllegalStateException("column '%s', row %d differ".formatted(name, row));
        }
      }
    }
  }

  private static boolean equal(Column one, Column other, int row) {
    if (one.isNull(row) || other.isNull(row)) {
      return one.isNull(row) == other.isNull(row);
    }
    return switch (one) {
      case BooleanColumn values -> values.get(row) == ((BooleanColumn) other).get(row);
      case LongColumn values -> values.get(row) == ((LongColumn) other).get(row);
      case DoubleColumn values ->
          Double.doubleToRawLongBits(values.get(row))
              == Double.doubleToRawLongBits(((DoubleColumn) other).get(row));
      case BytesColumn values -> Arrays.equals(values.get(row), ((BytesColumn) other).get(row));
      case ListColumn values -> equalLists(values, (ListColumn) other, row);
    };
  }

  private static boolean equalLists(ListColumn one, ListColumn other, int row) {
    if (one.start(row) != other.start(row)
        || one.end(row) != other.end(row)
        || !Objects.equals(one.shape(row), other.shape(row))) {
      return false;
    }
    for (int i = one.start(row); i < one.end(row); i++) {
      if (!equal(one.elements(), other.elements(), i)) {
        return false;
      }
    }
    return true;
  }
}
