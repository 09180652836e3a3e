package dev.tapline.cli.singer;

import dev.tapline.spi.catalog.DataType;
import java.math.BigDecimal;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The JSON Schema of a column in a Singer catalog: the same that the SCHEMA messages of a run
/// have, which a test holds against each other.
///
/// @param documents whether JSON columns are part of a record, and not text in it
record SingerTypes(boolean documents) {
  void write(ObjectNode node, DataType type, boolean key) {
    ArrayNode types = node.putArray("type");
    if (!key) {
      types.add("null");
    }
    switch (type) {
      case DataType.Decimal decimal -> {
        types.add("number");
        writeBounds(node, decimal);
      }
      case DataType.Enumeration words -> types.add("string");
      case DataType.ListOf list -> {
        types.add("array");
        node.putObject("items");
      }
      case DataType.Scalar scalar -> writeScalar(node, types, scalar);
    }
  }

  private void writeScalar(ObjectNode node, ArrayNode types, DataType.Scalar scalar) {
    switch (scalar) {
      case BOOLEAN -> types.add("boolean");
      case INT16 -> writeInteger(node, types, Short.MIN_VALUE, Short.MAX_VALUE);
      case INT32 -> writeInteger(node, types, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case INT64 -> writeInteger(node, types, Long.MIN_VALUE, Long.MAX_VALUE);
      case FLOAT32, FLOAT64 -> types.add("number");
      case DATE -> writeFormat(node, types, "date");
      case TIME -> writeFormat(node, types, "time");
      case TIMESTAMP, TIMESTAMP_TZ -> writeFormat(node, types, "date-time");
      case UUID -> writeFormat(node, types, "uuid");
      case TEXT, OPAQUE -> types.add("string");
      case BYTES -> {
        types.add("string");
        node.put("contentEncoding", "base64");
      }
      case JSON -> {
        if (documents) {
          types.add("object").add("array").add("string").add("number").add("boolean");
        } else {
          types.add("string");
        }
      }
    }
  }

  private static void writeInteger(ObjectNode node, ArrayNode types, long minimum, long maximum) {
    types.add("integer");
    node.put("minimum", minimum).put("maximum", maximum);
  }

  private static void writeFormat(ObjectNode node, ArrayNode types, String format) {
    types.add("string");
    node.put("format", format);
  }

  private static void writeBounds(ObjectNode node, DataType.Decimal decimal) {
    if (decimal.precision() > 0) {
      BigDecimal beyond = BigDecimal.ONE.scaleByPowerOfTen(decimal.precision() - decimal.scale());
      node.put("minimum", beyond.negate())
          .put("exclusiveMinimum", true)
          .put("maximum", beyond)
          .put("exclusiveMaximum", true)
          .put("multipleOf", BigDecimal.ONE.scaleByPowerOfTen(-decimal.scale()));
    }
  }
}
