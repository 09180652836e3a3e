package dev.tapline.sink.jdbc.dialect.postgresql;

import dev.tapline.files.text.ValueText;
import dev.tapline.sink.jdbc.dialect.api.TableColumn;
import dev.tapline.spi.batch.BooleanColumn;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.DoubleColumn;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.Temporals;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes a value in a format of COPY (manual, "COPY", "Binary Format" and "Text Format").
@FunctionalInterface
interface CopyFieldWriter {
  /// The value is neither NULL nor unchanged.
  void write(CopyBuffer buffer, Column column, int row);

  /// Writers for the binary format; empty if a column has none.
  static List<CopyFieldWriter> binary(List<TableColumn> columns) {
    List<CopyFieldWriter> writers = new ArrayList<>();
    for (TableColumn column : columns) {
      CopyFieldWriter writer = binary(column);
      if (writer == null) {
        return List.of();
      }
      writers.add(writer);
    }
    return writers;
  }

  /// Writers for the text format.
  static List<CopyFieldWriter> text(List<TableColumn> columns) {
    List<CopyFieldWriter> writers = new ArrayList<>();
    columns.forEach(column -> writers.add(text()));
    return writers;
  }

  private static @Nullable CopyFieldWriter binary(TableColumn column) {
    return switch (column.type().parameterType()) {
      case BOOLEAN ->
          (buffer, values, row) -> {
            buffer.putInt(1);
            buffer.put(((BooleanColumn) values).get(row) ? 1 : 0);
          };
      case LONG -> whole(column.type().sql());
      case FLOAT ->
          (buffer, values, row) -> {
            buffer.putInt(Float.BYTES);
            buffer.putInt(Float.floatToIntBits((float) ((DoubleColumn) values).get(row)));
          };
      case DOUBLE ->
          (buffer, values, row) -> {
            buffer.putInt(Double.BYTES);
            buffer.putLong(Double.doubleToLongBits(((DoubleColumn) values).get(row)));
          };
      case DATE ->
          (buffer, values, row) -> {
            long day = ((LongColumn) values).get(row);
            buffer.putInt(Integer.BYTES);
            buffer.putInt(
                Temporals.isInfinite(day)
                    ? (day > 0 ? Integer.MAX_VALUE : Integer.MIN_VALUE)
                    : (int) (day - Temporals.EPOCH_DAYS));
          };
      // Both sides count timestamps from 2000, and infinities are the same numbers.
      case TIME, TIMESTAMP, TIMESTAMP_TZ -> whole("bigint");
      case DECIMAL -> BinaryNumeric::write;
      case UUID, BYTES -> CopyFieldWriter::bytes;
      case TEXT -> texts(column.type().sql());
    };
  }

  private static CopyFieldWriter whole(String sql) {
    return switch (sql) {
      case "smallint" ->
          (buffer, values, row) -> {
            buffer.putInt(Short.BYTES);
            buffer.putShort((int) ((LongColumn) values).get(row));
          };
      case "integer" ->
          (buffer, values, row) -> {
            buffer.putInt(Integer.BYTES);
            buffer.putInt((int) ((LongColumn) values).get(row));
          };
      default ->
          (buffer, values, row) -> {
            buffer.putInt(Long.BYTES);
            buffer.putLong(((LongColumn) values).get(row));
          };
    };
  }

  private static void bytes(CopyBuffer buffer, Column values, int row) {
    BytesColumn bytes = (BytesColumn) values;
    int start = bytes.start(row);
    int length = bytes.end(row) - start;
    buffer.putInt(length);
    buffer.put(bytes.data(), start, length);
  }

  // Text, varchar, char and json have their text as the binary form; jsonb a version before it.
  private static @Nullable CopyFieldWriter texts(String sql) {
    boolean character = sql.startsWith("character") && !sql.endsWith("[]");
    if (character || sql.equals("text") || sql.equals("json")) {
      return (buffer, values, row) -> {
        if (isText(values)) {
          bytes(buffer, values, row);
        } else {
          byte[] text = ValueText.of(values, row).getBytes(StandardCharsets.UTF_8);
          buffer.putInt(text.length);
          buffer.put(text, 0, text.length);
        }
      };
    }
    if (sql.equals("jsonb")) {
      return (buffer, values, row) -> {
        BytesColumn bytes = (BytesColumn) values;
        int start = bytes.start(row);
        int length = bytes.end(row) - start;
        buffer.putInt(length + 1);
        buffer.put(1);
        buffer.put(bytes.data(), start, length);
      };
    }
    return null;
  }

  private static boolean isText(Column values) {
    return values instanceof BytesColumn
        && values.type() != dev.tapline.spi.catalog.DataType.Scalar.UUID
        && values.type() != dev.tapline.spi.catalog.DataType.Scalar.BYTES;
  }

  private static CopyFieldWriter text() {
    return (buffer, values, row) -> {
      if (isText(values)) {
        BytesColumn bytes = (BytesColumn) values;
        escape(buffer, bytes.data(), bytes.start(row), bytes.end(row));
      } else {
        byte[] text = ValueText.of(values, row).getBytes(StandardCharsets.UTF_8);
        escape(buffer, text, 0, text.length);
      }
    };
  }

  private static void escape(CopyBuffer buffer, byte[] text, int start, int end) {
    for (int i = start; i < end; i++) {
      byte c = text[i];
      switch (c) {
        case '\\' -> escaped(buffer, '\\');
        case '\t' -> escaped(buffer, 't');
        case '\n' -> escaped(buffer, 'n');
        case '\r' -> escaped(buffer, 'r');
        default -> buffer.put(c);
      }
    }
  }

  private static void escaped(CopyBuffer buffer, char letter) {
    buffer.put('\\');
    buffer.put(letter);
  }
}
