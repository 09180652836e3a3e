package dev.tapline.sink.parquet.encoding;

import dev.tapline.files.text.ValueText;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.ListColumn;
import java.io.IOException;

/// Encodes lists of a fixed number of dimensions whose lower bounds are 1. Other lists are values
/// that the format cannot store.
final class ListEncoder extends ValueEncoder {
  private final int dimensions;
  private final ValueEncoder element;
  private final SpecialValueHandler special;

  ListEncoder(int dimensions, ValueEncoder element, SpecialValueHandler special) {
    this.dimensions = dimensions;
    this.element = element;
    this.special = special;
  }

  @Override
  void value(Column column, int row, ValueConsumer target) throws IOException {
    ListColumn lists = (ListColumn) column;
    int start = lists.start(row);
    int end = lists.end(row);
    if (start == end) {
      target.emptyList();
      return;
    }
    ListColumn.Dimensions shape = lists.shape(row);
    int[] lengths =
        shape == null
            ? new int[] {end - start}
            : shape.lengths().stream().mapToInt(Integer::intValue).toArray();
    if (lengths.length != dimensions || (shape != null && !shape.countsFromOne())) {
      String text = ValueText.of(column, row);
      special.handle(
          "%s (a list here has %d dimension(s) and counts from 1: see sink.array-dimensions, sink.arrays)"
              .formatted(text, dimensions),
          target);
      return;
    }
    target.beginList(lengths);
    Column elements = lists.elements();
    for (int i = start; i < end; i++) {
      target.element(i - start);
      if (elements.isNull(i)) {
        target.absent();
      } else {
        element.value(elements, i, target);
      }
    }
    target.endList();
  }

  @Override
  void rows(Column column, int from, int to, ValueConsumer target) throws IOException {
    oneByOne(column, from, to, target);
  }
}
