package dev.tapline.sink.parquet.encoding;

import dev.tapline.spi.batch.Column;
import java.io.IOException;

/// Encodes the values of columns of one type.
///
/// Each subclass has its own loop over rows: a shared loop would make a virtual call for each value
/// (`ColumnWritingBenchmark`).
abstract class ValueEncoder {
  /// Writes a value that is neither NULL nor unchanged.
  abstract void value(Column column, int row, ValueConsumer target) throws IOException;

  /// Writes the values of several rows, and ends each row.
  abstract void rows(Column column, int from, int to, ValueConsumer target) throws IOException;

  static boolean isAbsent(Column column, int row) {
    return column.isNull(row) || column.isUnchanged(row);
  }

  static boolean anyAbsent(Column column) {
    return column.hasNulls() || column.hasUnchanged();
  }

  /// The shared loop, for types whose values cost more than a virtual call.
  final void oneByOne(Column column, int from, int to, ValueConsumer target) throws IOException {
    for (int row = from; row < to; row++) {
      if (isAbsent(column, row)) {
        target.absent();
      } else {
        value(column, row, target);
      }
      target.endRow();
    }
  }
}
