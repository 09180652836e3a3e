package dev.tapline.sink.jdbc.dialect.api;

import dev.tapline.files.text.ValueText;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.ListColumn;
import dev.tapline.spi.catalog.DataType.Scalar;
import java.nio.charset.StandardCharsets;

/// The largest packet that a server accepts. It rejects larger rows, and some servers close the
/// connection then.
///
/// @param bytes its size
/// @param setting the name of the server's setting
/// @param escaped whether values are escaped and part of the statement
public record PacketLimit(long bytes, String setting, boolean escaped) {
  private static final long MOST_FOR_THE_STATEMENT = 64 << 10;
  private static final int SHORT = 4_096;
  private static final int ELEMENT = 24;
  private static final int OTHER = 32;

  /// The bytes that are left for rows.
  public long forRows() {
    return bytes - Math.min(bytes / 4, MOST_FOR_THE_STATEMENT);
  }

  /// An upper estimate of the bytes that a value takes.
  public long size(Column column, int row, ParameterType type) {
    if (column.isNull(row) || column.isUnchanged(row)) {
      return 1;
    }
    return switch (column) {
      case BytesColumn values -> OTHER + size(values, row, type);
      case ListColumn lists -> OTHER + size(lists, row);
      default -> OTHER;
    };
  }

  private long size(BytesColumn values, int row, ParameterType type) {
    int start = values.start(row);
    int length = values.end(row) - start;
    if (values.type() == Scalar.UUID) {
      return OTHER;
    }
    if (values.type() == Scalar.BYTES && type == ParameterType.TEXT) {
      return 2L * length;
    }
    return escaped ? escapedLength(values.data(), start, length) : length;
  }

  private static long escapedLength(byte[] data, int start, int length) {
    if (length <= SHORT) {
      return 2L * length;
    }
    long size = length;
    for (int i = start; i < start + length; i++) {
      switch (data[i]) {
        case 0, '\n', '\r', '\\', '\'', '"', 0x1A -> size++;
        default -> {}
      }
    }
    return size;
  }

  private long size(ListColumn lists, int row) {
    int first = lists.start(row);
    int end = lists.end(row);
    long most = ELEMENT * (long) (end - first);
    if (lists.elements() instanceof BytesColumn values && end > first) {
      most += 2L * (values.end(end - 1) - values.start(first));
    }
    if (most <= SHORT) {
      return 2 * most;
    }
    byte[] text = ValueText.of(lists, row).getBytes(StandardCharsets.UTF_8);
    return escaped ? escapedLength(text, 0, text.length) : text.length;
  }
}
