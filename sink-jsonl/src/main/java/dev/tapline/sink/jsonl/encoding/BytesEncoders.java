package dev.tapline.sink.jsonl.encoding;

import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.catalog.DataType;
import java.io.IOException;

/// Encoders of types stored as bytes.
final class BytesEncoders {
  private static final BytesColumn NONE = (BytesColumn) Column.of(DataType.Scalar.TEXT, 1);

  private BytesEncoders() {}

  abstract static class OfBytes extends ValueEncoder {
    BytesColumn values = NONE;
    byte[] data = {};

    @Override
    void bind(Column column) {
      values = (BytesColumn) column;
      data = values.data();
    }
  }

  static final class Text extends OfBytes {
    @Override
    void write(JsonBuffer out, int row) throws IOException {
      JsonText.writeString(data, values.start(row), values.end(row), out);
    }
  }

  static final class Document extends OfBytes {
    @Override
    void write(JsonBuffer out, int row) throws IOException {
      JsonText.writeDocument(data, values.start(row), values.end(row), out);
    }

    @Override
    boolean isNullDocument(int row) {
      return JsonText.isNullDocument(data, values.start(row), values.end(row));
    }
  }

  static final class Base64 extends OfBytes {
    @Override
    void write(JsonBuffer out, int row) throws IOException {
      BinaryText.writeBase64(data, values.start(row), values.end(row), out);
    }
  }

  static final class Uuid extends OfBytes {
    @Override
    void write(JsonBuffer out, int row) throws IOException {
      BinaryText.writeUuid(data, values.start(row), out);
    }
  }

  /// Digits unchanged; `NaN` and the infinities, which do not end with a digit, as strings.
  static final class Numeral extends OfBytes {
    @Override
    void write(JsonBuffer out, int row) throws IOException {
      int start = values.start(row);
      int end = values.end(row);
      if (end > start && data[end - 1] >= '0' && data[end - 1] <= '9') {
        JsonText.writeDocument(data, start, end, out);
      } else {
        JsonText.writeString(data, start, end, out);
      }
    }
  }
}
