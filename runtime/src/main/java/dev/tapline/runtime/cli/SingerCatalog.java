package dev.tapline.runtime.cli;

import dev.tapline.spi.catalog.Catalog;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Relation;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes a catalog in the form that Singer's taps write theirs (Singer specification, "Discovery
/// Mode"), for tools that read it.
final class SingerCatalog {
  private static final JsonMapper JSON = new JsonMapper();

  private SingerCatalog() {}

  static String of(Catalog catalog, Possibilities possible) {
    ObjectNode root = JSON.createObjectNode();
    ArrayNode streams = root.putArray("streams");
    catalog
        .relations()
        .forEach(relation -> write(streams.addObject(), relation, possible.keys(relation)));
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
  }

  private static void write(ObjectNode stream, Relation relation, List<String> replicationKeys) {
    stream.put(
        "tap_stream_id",
        String.join(
            "-", relation.name().database(), relation.name().namespace(), relation.name().name()));
    stream.put("stream", relation.name().name());
    stream.put("table_name", relation.name().name());
    ArrayNode keys = stream.putArray("key_properties");
    relation.schema().key().forEach(keys::add);
    ObjectNode properties =
        stream.putObject("schema").put("type", "object").putObject("properties");
    ArrayNode metadata = stream.putArray("metadata");
    ObjectNode table = metadata.addObject();
    table.putArray("breadcrumb");
    ObjectNode facts = table.putObject("metadata");
    facts
        .put("database-name", relation.name().database())
        .put("schema-name", relation.name().namespace())
        .put("is-view", !relation.kind().isTable());
    if (relation.estimatedRows() >= 0) {
      facts.put("row-count", relation.estimatedRows());
    }
    ArrayNode tableKeys =
        facts.putArray(relation.kind().isTable() ? "table-key-properties" : "view-key-properties");
    relation.schema().key().forEach(tableKeys::add);
    ArrayNode valid = facts.putArray("valid-replication-keys");
    replicationKeys.forEach(valid::add);
    for (Field field : relation.schema().fields()) {
      boolean key = relation.schema().key().contains(field.name());
      writeType(properties.putObject(field.name()), field, key);
      ObjectNode column = metadata.addObject();
      column.putArray("breadcrumb").add("properties").add(field.name());
      column
          .putObject("metadata")
          .put("inclusion", key ? "automatic" : "available")
          .put("selected-by-default", true)
          .put("sql-datatype", field.sourceType());
    }
  }

  private static void writeType(ObjectNode node, Field field, boolean key) {
    ArrayNode types = node.putArray("type");
    if (!key) {
      types.add("null");
    }
    switch (field.type()) {
      case DataType.Decimal decimal -> types.add("number");
      case DataType.Enumeration words -> types.add("string");
      case DataType.ListOf list -> {
        types.add("array");
        node.putObject("items");
      }
      case DataType.Scalar scalar -> writeScalar(node, types, scalar);
    }
  }

  private static void writeScalar(ObjectNode node, ArrayNode types, DataType.Scalar scalar) {
    switch (scalar) {
      case BOOLEAN -> types.add("boolean");
      case INT16, INT32, INT64 -> types.add("integer");
      case FLOAT32, FLOAT64 -> types.add("number");
      case DATE, TIMESTAMP, TIMESTAMP_TZ -> {
        types.add("string");
        node.put("format", "date-time");
      }
      case TIME -> {
        types.add("string");
        node.put("format", "time");
      }
      case JSON -> types.add("object").add("array").add("string").add("number").add("boolean");
      case TEXT, BYTES, UUID, OPAQUE -> types.add("string");
    }
  }
}
