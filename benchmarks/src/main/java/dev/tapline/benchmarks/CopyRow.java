package dev.tapline.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.postgresql.util.ByteConverter;

/// Writes rows as `COPY ... TO STDOUT (FORMAT binary)` does (PostgreSQL manual, COPY, "Binary
/// Format").
final class CopyRow {
  private static final int TEXT_OID = 25;
  private static final int JSONB_VERSION = 1;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);

  /// What comes before the first row.
  static byte[] header() {
    byte[] header = new byte[19];
    System.arraycopy(
        "PGCOPY\n\u00ff\r\n\0".getBytes(StandardCharsets.ISO_8859_1), 0, header, 0, 11);
    return header;
  }

  /// What comes after the last.
  static byte[] trailer() {
    return new byte[] {-1, -1};
  }

  void begin(int fields) throws IOException {
    bytes.reset();
    out.writeShort(fields);
  }

  byte[] message() {
    return bytes.toByteArray();
  }

  void absent() throws IOException {
    out.writeInt(-1);
  }

  void bool(boolean value) throws IOException {
    out.writeInt(1);
    out.writeBoolean(value);
  }

  void integer(int value) throws IOException {
    out.writeInt(Integer.BYTES);
    out.writeInt(value);
  }

  void integerOrNull(boolean present, int value) throws IOException {
    if (present) {
      integer(value);
    } else {
      absent();
    }
  }

  void bigint(long value) throws IOException {
    out.writeInt(Long.BYTES);
    out.writeLong(value);
  }

  void float8OrNull(boolean present, double value) throws IOException {
    if (present) {
      out.writeInt(Double.BYTES);
      out.writeDouble(value);
    } else {
      absent();
    }
  }

  void numeric(BigDecimal value) throws IOException {
    bytes(ByteConverter.numeric(value));
  }

  void text(String value) throws IOException {
    bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  void bytes(byte[] value) throws IOException {
    out.writeInt(value.length);
    out.write(value);
  }

  void jsonb(String document) throws IOException {
    byte[] text = document.getBytes(StandardCharsets.UTF_8);
    out.writeInt(1 + text.length);
    out.writeByte(JSONB_VERSION);
    out.write(text);
  }

  void texts(String... values) throws IOException {
    int length = 5 * Integer.BYTES;
    for (String value : values) {
      length += Integer.BYTES + value.getBytes(StandardCharsets.UTF_8).length;
    }
    out.writeInt(length);
    out.writeInt(1); // dimensions
    out.writeInt(0); // no element is NULL
    out.writeInt(TEXT_OID);
    out.writeInt(values.length);
    out.writeInt(1); // the first index
    for (String value : values) {
      text(value);
    }
  }
}
