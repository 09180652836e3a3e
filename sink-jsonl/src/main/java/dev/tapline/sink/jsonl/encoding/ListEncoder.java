package dev.tapline.sink.jsonl.encoding;

import dev.tapline.files.text.ValueText;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.ListColumn;
import dev.tapline.spi.batch.ListColumn.Dimensions;
import dev.tapline.spi.catalog.DataType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Encodes lists as nested arrays, or as PostgreSQL's text if a JSON array would lose something.
final class ListEncoder extends ValueEncoder {
  private static final byte[] NULL = Ascii.bytes("null");

  private final ValueEncoder element;
  private ListColumn lists;
  private Column elements;

  ListEncoder(DataType.ListOf type, ValueEncoder element) {
    this.element = element;
    this.lists = (ListColumn) Column.of(type, 1);
    this.elements = lists.elements();
  }

  @Override
  void bind(Column column) {
    lists = (ListColumn) column;
    elements = lists.elements();
    element.bind(elements);
  }

  @Override
  void write(JsonBuffer out, int row) throws IOException {
    Dimensions shape = lists.shape(row);
    int start = lists.start(row);
    int end = lists.end(row);
    if ((shape != null && !shape.countsFromOne()) || hasNullDocument(start, end)) {
      byte[] text = ValueText.of(elements, start, end, shape).getBytes(StandardCharsets.UTF_8);
      JsonText.writeString(text, 0, text.length, out);
    } else if (shape == null || start == end) {
      writeElements(out, start, end);
    } else {
      writeDimension(out, shape, 0, start, end);
    }
  }

  private boolean hasNullDocument(int start, int end) {
    if (elements.type() == DataType.Scalar.JSON) {
      for (int i = start; i < end; i++) {
        if (!elements.isNull(i) && element.isNullDocument(i)) {
          return true;
        }
      }
    }
    return false;
  }

  private void writeDimension(JsonBuffer out, Dimensions shape, int dimension, int start, int end)
      throws IOException {
    if (dimension == shape.lengths().size() - 1) {
      writeElements(out, start, end);
      return;
    }
    int length = shape.lengths().get(dimension);
    int step = (end - start) / length;
    out.put('[');
    for (int i = 0; i < length; i++) {
      if (i > 0) {
        out.put(',');
      }
      writeDimension(out, shape, dimension + 1, start + i * step, start + (i + 1) * step);
    }
    out.put(']');
  }

  private void writeElements(JsonBuffer out, int start, int end) throws IOException {
    out.put('[');
    for (int i = start; i < end; i++) {
      if (i > start) {
        out.put(',');
      }
      if (elements.isNull(i)) {
        out.put(NULL);
      } else {
        element.write(out, i);
      }
    }
    out.put(']');
  }
}
