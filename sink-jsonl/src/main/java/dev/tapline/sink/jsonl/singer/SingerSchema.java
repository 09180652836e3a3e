package dev.tapline.sink.jsonl.singer;

import dev.tapline.sink.jsonl.encoding.JsonPolicy;
import dev.tapline.sink.jsonl.encoding.MetadataField;
import dev.tapline.sink.jsonl.encoding.RowFormat;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.Stream;
import java.math.BigDecimal;
import java.util.Set;
import tools.jackson.core.JsonGenerator;

/// Writes the JSON Schema of a stream's records, with the same bounds as tap-postgres, which
/// targets know.
final class SingerSchema {
  /// The methods whose rows never come from a log.
  private static final Set<String> LOGLESS = Set.of("FULL_TABLE", "INCREMENTAL");

  private final JsonGenerator json;
  private final RowFormat rows;

  private SingerSchema(JsonGenerator json, RowFormat rows) {
    this.json = json;
    this.rows = rows;
  }

  static void write(JsonGenerator json, Stream stream, Schema schema, RowFormat rows) {
    new SingerSchema(json, rows).write(stream, schema);
  }

  private void write(Stream stream, Schema schema) {
    json.writeStartObject();
    json.writeStringProperty("type", "object");
    json.writeObjectPropertyStart("properties");
    for (Field field : schema.fields()) {
      json.writeName(field.name());
      json.writeStartObject();
      boolean key = schema.key().contains(field.name());
      writeType(field.type(), !key);
      json.writeEndObject();
    }
    rows.metadata()
        .of(schema, rows.json(), LOGLESS.contains(stream.method()))
        .names()
        .forEach(this::writeMetadata);
    json.writeEndObject();
    json.writeEndObject();
  }

  private void writeType(DataType type, boolean nullable) {
    switch (type) {
      case DataType.Decimal decimal -> writeDecimal(decimal, nullable);
      case DataType.Enumeration words -> types(nullable, "string");
      case DataType.ListOf list -> {
        types(nullable, "array");
        // Empty, since the elements of an array of several dimensions are arrays.
        json.writeObjectPropertyStart("items");
        json.writeEndObject();
      }
      case DataType.Scalar scalar -> writeScalar(scalar, nullable);
    }
  }

  private void writeScalar(DataType.Scalar type, boolean nullable) {
    switch (type) {
      case BOOLEAN -> types(nullable, "boolean");
      case INT16 -> writeInteger(nullable, Short.MIN_VALUE, Short.MAX_VALUE);
      case INT32 -> writeInteger(nullable, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case INT64 -> writeInteger(nullable, Long.MIN_VALUE, Long.MAX_VALUE);
      case FLOAT32, FLOAT64 -> types(nullable, "number");
      case DATE -> writeFormat(nullable, "date");
      case TIME -> writeFormat(nullable, "time");
      case TIMESTAMP, TIMESTAMP_TZ -> writeFormat(nullable, "date-time");
      case UUID -> writeFormat(nullable, "uuid");
      case TEXT, OPAQUE -> types(nullable, "string");
      case BYTES -> {
        types(nullable, "string");
        json.writeStringProperty("contentEncoding", "base64");
      }
      case JSON -> {
        if (rows.json() == JsonPolicy.TEXT) {
          types(nullable, "string");
        } else {
          types(nullable, "object", "array", "string", "number", "boolean");
        }
      }
    }
  }

  private void writeDecimal(DataType.Decimal decimal, boolean nullable) {
    types(nullable, "number");
    if (decimal.precision() > 0) {
      BigDecimal beyond = BigDecimal.ONE.scaleByPowerOfTen(decimal.precision() - decimal.scale());
      json.writeNumberProperty("minimum", beyond.negate());
      json.writeBooleanProperty("exclusiveMinimum", true);
      json.writeNumberProperty("maximum", beyond);
      json.writeBooleanProperty("exclusiveMaximum", true);
      json.writeNumberProperty("multipleOf", BigDecimal.ONE.scaleByPowerOfTen(-decimal.scale()));
    }
  }

  private void writeInteger(boolean nullable, long minimum, long maximum) {
    types(nullable, "integer");
    json.writeNumberProperty("minimum", minimum);
    json.writeNumberProperty("maximum", maximum);
  }

  private void writeFormat(boolean nullable, String format) {
    types(nullable, "string");
    json.writeStringProperty("format", format);
  }

  private void writeMetadata(MetadataField field, String name) {
    json.writeName(name);
    json.writeStartObject();
    switch (field) {
      case STREAM, OPERATION, LSN -> types(true, "string");
      case SEQUENCE, TRANSACTION, SDC_SEQUENCE, SDC_TABLE_VERSION -> types(true, "integer");
      case JSON_NULL -> types(true, "array");
      case EXTRACTED_AT,
          COMMITTED_AT,
          DELETED_AT,
          SDC_EXTRACTED_AT,
          SDC_RECEIVED_AT,
          SDC_BATCHED_AT,
          SDC_DELETED_AT ->
          writeFormat(true, "date-time");
    }
    json.writeEndObject();
  }

  private void types(boolean nullable, String... names) {
    json.writeArrayPropertyStart("type");
    if (nullable) {
      json.writeString("null");
    }
    for (String name : names) {
      json.writeString(name);
    }
    json.writeEndArray();
  }
}
