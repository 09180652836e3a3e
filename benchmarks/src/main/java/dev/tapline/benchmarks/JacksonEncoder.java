package dev.tapline.benchmarks;

import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.BooleanColumn;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.DoubleColumn;
import dev.tapline.spi.batch.ListColumn;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.Temporals;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.UUID;
import tools.jackson.core.Base64Variants;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.io.SerializedString;
import tools.jackson.core.json.JsonFactory;

/// The rival of the sink's encoder: the same lines by Jackson's generator, used as fast as it goes.
/// Field names are escaped beforehand, text is handed over as the UTF-8 that it is, numbers as
/// primitives where Jackson takes them.
final class JacksonEncoder implements AutoCloseable {
  private static final DateTimeFormatter INSTANT =
      new DateTimeFormatterBuilder().appendInstant(6).toFormatter();

  private final JsonGenerator generator;
  private final SerializedString[] names;
  private final ValueWriter[] writers;

  private interface ValueWriter {
    void write(JsonGenerator generator, Column column, int row);
  }

  JacksonEncoder(Schema schema, OutputStream target) {
    JsonFactory factory =
        JsonFactory.builder()
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .rootValueSeparator("")
            .build();
    this.generator = factory.createGenerator(ObjectWriteContext.empty(), target);
    this.names =
        schema.fields().stream()
            .map(field -> new SerializedString(field.name()))
            .toArray(SerializedString[]::new);
    this.writers =
        schema.fields().stream()
            .map(Field::type)
            .map(JacksonEncoder::writer)
            .toArray(ValueWriter[]::new);
  }

  /// Writes all rows through to the target.
  void write(Batch batch) {
    for (int row = 0; row < batch.rows(); row++) {
      generator.writeStartObject();
      for (int i = 0; i < names.length; i++) {
        generator.writeName(names[i]);
        write(writers[i], batch.column(i), row);
      }
      generator.writeEndObject();
      generator.writeRaw('\n');
    }
    generator.flush();
  }

  @Override
  public void close() {
    generator.close();
  }

  private void write(ValueWriter writer, Column column, int row) {
    if (column.isNull(row)) {
      generator.writeNull();
    } else {
      writer.write(generator, column, row);
    }
  }

  private static ValueWriter writer(DataType type) {
    return switch (type) {
      case DataType.Decimal decimal ->
          (generator, column, row) ->
              generator.writeNumber(
                  BigDecimal.valueOf(((LongColumn) column).get(row), decimal.scale()));
      case DataType.ListOf list -> list(writer(list.element()));
      case DataType.Scalar scalar -> writer(scalar);
      case DataType.Enumeration words -> writer(DataType.Scalar.TEXT);
    };
  }

  private static ValueWriter list(ValueWriter element) {
    return (generator, column, row) -> {
      ListColumn lists = (ListColumn) column;
      generator.writeStartArray();
      for (int i = lists.start(row); i < lists.end(row); i++) {
        element.write(generator, lists.elements(), i);
      }
      generator.writeEndArray();
    };
  }

  private static ValueWriter writer(DataType.Scalar type) {
    return switch (type) {
      case BOOLEAN ->
          (generator, column, row) -> generator.writeBoolean(((BooleanColumn) column).get(row));
      case INT16, INT32, INT64 ->
          (generator, column, row) -> generator.writeNumber(((LongColumn) column).get(row));
      case FLOAT64 ->
          (generator, column, row) -> generator.writeNumber(((DoubleColumn) column).get(row));
      case DATE ->
          (generator, column, row) ->
              generator.writeString(Temporals.date(((LongColumn) column).get(row)).toString());
      case TIMESTAMP_TZ ->
          (generator, column, row) ->
              generator.writeString(
                  INSTANT.format(Temporals.instant(((LongColumn) column).get(row))));
      case TEXT ->
          (generator, column, row) -> {
            BytesColumn bytes = (BytesColumn) column;
            int start = bytes.start(row);
            generator.writeUTF8String(bytes.data(), start, bytes.end(row) - start);
          };
      case JSON ->
          (generator, column, row) -> generator.writeRawValue(((BytesColumn) column).text(row));
      case BYTES ->
          (generator, column, row) -> {
            BytesColumn bytes = (BytesColumn) column;
            int start = bytes.start(row);
            generator.writeBinary(
                Base64Variants.MIME_NO_LINEFEEDS, bytes.data(), start, bytes.end(row) - start);
          };
      case UUID ->
          (generator, column, row) -> {
            BytesColumn bytes = (BytesColumn) column;
            ByteBuffer buffer = ByteBuffer.wrap(bytes.data(), bytes.start(row), 16);
            generator.writeString(new UUID(buffer.getLong(), buffer.getLong()).toString());
          };
      case FLOAT32, TIME, TIMESTAMP, OPAQUE ->
          throw new IllegalArgumentException("no column of the samples is a " + type);
    };
  }
}
