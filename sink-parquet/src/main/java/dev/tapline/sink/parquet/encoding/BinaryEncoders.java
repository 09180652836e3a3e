package dev.tapline.sink.parquet.encoding;

import dev.tapline.files.text.ValueText;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Column;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Encoders of values of variable length.
final class BinaryEncoders {
  private BinaryEncoders() {}

  /// Text, JSON and bytes, unchanged.
  static final class Plain extends ValueEncoder {
    @Override
    void value(Column column, int row, ValueConsumer target) throws IOException {
      BytesColumn bytes = (BytesColumn) column;
      int start = bytes.start(row);
      target.bytes(bytes.data(), start, bytes.end(row) - start);
    }

    @Override
    void rows(Column column, int from, int to, ValueConsumer target) throws IOException {
      BytesColumn bytes = (BytesColumn) column;
      byte[] data = bytes.data();
      boolean anyAbsent = anyAbsent(column);
      int start = bytes.start(from);
      for (int row = from; row < to; row++) {
        int end = bytes.end(row);
        if (anyAbsent && isAbsent(column, row)) {
          target.absent();
        } else {
          target.bytes(data, start, end - start);
        }
        start = end;
        target.endRow();
      }
    }
  }

  /// UUIDs.
  static final class Uuids extends ValueEncoder {
    @Override
    void value(Column column, int row, ValueConsumer target) throws IOException {
      BytesColumn bytes = (BytesColumn) column;
      target.uuid(bytes.data(), bytes.start(row));
    }

    @Override
    void rows(Column column, int from, int to, ValueConsumer target) throws IOException {
      BytesColumn bytes = (BytesColumn) column;
      boolean anyAbsent = anyAbsent(column);
      for (int row = from; row < to; row++) {
        if (anyAbsent && isAbsent(column, row)) {
          target.absent();
        } else {
          target.uuid(bytes.data(), bytes.start(row));
        }
        target.endRow();
      }
    }
  }

  /// Any type as the source's text.
  static final class Rendered extends ValueEncoder {
    @Override
    void value(Column column, int row, ValueConsumer target) throws IOException {
      byte[] text = ValueText.of(column, row).getBytes(StandardCharsets.UTF_8);
      target.bytes(text, 0, text.length);
    }

    @Override
    void rows(Column column, int from, int to, ValueConsumer target) throws IOException {
      oneByOne(column, from, to, target);
    }
  }
}
