package dev.tapline.sink.jdbc.stage;

import dev.tapline.spi.batch.BooleanColumn;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.DoubleColumn;
import dev.tapline.spi.batch.ListColumn;
import dev.tapline.spi.batch.LongColumn;
import java.nio.ByteBuffer;

/// Copies values between columns of one type.
final class Cells {
  private Cells() {}

  /// Appends a row's value, NULL, or that it was not carried.
  static void copy(Column from, int row, Column to) {
    if (from.isUnchanged(row)) {
      to.appendUnchanged();
    } else if (from.isNull(row)) {
      to.appendNull();
    } else {
      switch (to) {
        case BooleanColumn booleans -> booleans.append(((BooleanColumn) from).get(row));
        case DoubleColumn doubles -> doubles.append(((DoubleColumn) from).get(row));
        case LongColumn longs -> longs.append(((LongColumn) from).get(row));
        case BytesColumn bytes -> {
          BytesColumn source = (BytesColumn) from;
          int start = source.start(row);
          bytes.append(source.data(), start, source.end(row) - start);
        }
        case ListColumn lists -> list((ListColumn) from, row, lists);
      }
    }
  }

  private static void list(ListColumn from, int row, ListColumn to) {
    for (int i = from.start(row); i < from.end(row); i++) {
      copy(from.elements(), i, to.elements());
    }
    ListColumn.Shape shape = from.shape(row);
    if (shape == null) {
      to.endList();
    } else {
      to.endList(shape);
    }
  }

  /// A value that can be compared, of a row whose value is there.
  static Object comparable(Column column, int row) {
    return switch (column) {
      case BooleanColumn booleans -> booleans.get(row);
      case DoubleColumn doubles -> doubles.get(row);
      case LongColumn longs -> longs.get(row);
      case BytesColumn bytes -> ByteBuffer.wrap(bytes.get(row));
      case ListColumn lists -> dev.tapline.files.text.ValueText.of(lists, row, ',');
    };
  }
}
