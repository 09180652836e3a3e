package dev.tapline.sink.parquet.writer;

import dev.tapline.spi.batch.BooleanColumn;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.DoubleColumn;
import dev.tapline.spi.batch.ListColumn;
import dev.tapline.spi.batch.LongColumn;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.CRC32C;

/// Estimates from a sample of rows whether the values of a column repeat.
///
/// A dictionary pays off while it is small compared to the values. If hardly one in ten of some
/// thousand values repeats, the dictionary would be as large as the column. parquet-java would find
/// that out as well, after hashing 20,000 values in each row group.
final class CardinalitySample {
  /// The minimum size of a sample.
  private static final int MIN_SAMPLE = 1_000;

  private static final int MAX_SAMPLE = 4_096;
  private static final double DISTINCT_RATIO = 0.9;

  private final Set<Long> distinct = new HashSet<>();
  private int values;

  private CardinalitySample() {}

  /// Whether hardly any value of these rows repeats; `false` if there are too few rows to tell.
  static boolean isNearlyUnique(Column column, int from, int to) {
    CardinalitySample sample = new CardinalitySample();
    sample.look(column, from, to);
    return sample.values >= MIN_SAMPLE && sample.distinct.size() >= DISTINCT_RATIO * sample.values;
  }

  private void look(Column column, int from, int to) {
    if (column instanceof ListColumn lists) {
      if (from < to) {
        look(lists.elements(), lists.start(from), lists.end(to - 1));
      }
      return;
    }
    for (int row = from; row < to && values < MAX_SAMPLE; row++) {
      if (!column.isNull(row) && !column.isUnchanged(row)) {
        values++;
        distinct.add(digest(column, row));
      }
    }
  }

  private static long digest(Column column, int row) {
    return switch (column) {
      case LongColumn longs -> longs.get(row);
      case DoubleColumn doubles -> Double.doubleToRawLongBits(doubles.get(row));
      case BooleanColumn booleans -> booleans.get(row) ? 1 : 0;
      case BytesColumn bytes -> {
        int length = bytes.end(row) - bytes.start(row);
        CRC32C checksum = new CRC32C();
        checksum.update(bytes.data(), bytes.start(row), length);
        yield checksum.getValue() << Integer.SIZE | length;
      }
      case ListColumn _ -> throw new IllegalArgumentException("a list in a list");
    };
  }
}
