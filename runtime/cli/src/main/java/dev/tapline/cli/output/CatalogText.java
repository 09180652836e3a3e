package dev.tapline.cli.output;

import dev.tapline.cli.text.HumanReadable;
import dev.tapline.cli.text.Json;
import dev.tapline.cli.text.TextTable;
import dev.tapline.plugins.SupportedMethods;
import dev.tapline.spi.catalog.Catalog;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Relation;
import dev.tapline.spi.catalog.Schema;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes a catalog down.
public final class CatalogText {
  private CatalogText() {}

  /// A line a relation.
  public static String table(Catalog catalog, SupportedMethods possible) {
    TextTable table = TextTable.of("name", "kind", ">columns", "key", ">~rows", ">size", "methods");
    for (Relation relation : catalog.relations()) {
      table.row(
          relation.name().qualified(),
          relation.kind().label(),
          HumanReadable.count(relation.schema().size()),
          String.join(", ", relation.schema().key()),
          rows(relation),
          size(relation),
          String.join(", ", possible.of(relation).keySet()));
    }
    return table.toString();
  }

  /// A relation, and below it a line a column.
  public static String details(Catalog catalog, SupportedMethods possible) {
    StringBuilder text = new StringBuilder();
    for (Relation relation : catalog.relations()) {
      text.append(text.isEmpty() ? "" : "\n")
          .append(relation.name().qualified())
          .append(" (")
          .append(relation.kind().label())
          .append(relation.estimatedRows() < 0 ? "" : ", ~" + rows(relation) + " rows")
          .append(relation.estimatedBytes() < 0 ? "" : ", " + size(relation))
          .append(")\n");
      text.append(columns(relation.schema(), possible.keys(relation)).indent(2));
      text.append("  methods: ")
          .append(String.join(", ", possible.of(relation).keySet()))
          .append('\n');
      if (!relation.hidden().isEmpty()) {
        text.append("  not readable: ").append(String.join(", ", relation.hidden())).append('\n');
      }
    }
    return text.toString();
  }

  public static String json(Catalog catalog, SupportedMethods possible) {
    ArrayNode list = Json.list();
    for (Relation relation : catalog.relations()) {
      ObjectNode object = list.addObject();
      object
          .put("database", relation.name().database())
          .put("schema", relation.name().namespace())
          .put("name", relation.name().name())
          .put("kind", relation.kind().label());
      if (relation.estimatedRows() >= 0) {
        object.put("estimated_rows", relation.estimatedRows());
      }
      if (relation.estimatedBytes() >= 0) {
        object.put("estimated_bytes", relation.estimatedBytes());
      }
      if (!relation.comment().isEmpty()) {
        object.put("comment", relation.comment());
      }
      ArrayNode key = object.putArray("key");
      relation.schema().key().forEach(key::add);
      ArrayNode methods = object.putArray("methods");
      possible.of(relation).keySet().forEach(methods::add);
      ArrayNode replicationKeys = object.putArray("replication_keys");
      possible.keys(relation).forEach(replicationKeys::add);
      ArrayNode columns = object.putArray("columns");
      for (Field field : relation.schema().fields()) {
        ObjectNode column = columns.addObject();
        column
            .put("name", field.name())
            .put("type", field.sourceType())
            .put("nullable", field.nullable());
        if (!field.comment().isEmpty()) {
          column.put("comment", field.comment());
        }
      }
      ArrayNode hidden = object.putArray("not_readable");
      relation.hidden().forEach(hidden::add);
    }
    return Json.text(list);
  }

  private static String columns(Schema schema, List<String> replicationKeys) {
    TextTable table = TextTable.of("column", "type", "null", "key", "replication key", "comment");
    for (Field field : schema.fields()) {
      int position = schema.key().indexOf(field.name());
      table.row(
          field.name(),
          field.sourceType(),
          field.nullable() ? "yes" : "no",
          position < 0 ? "" : String.valueOf(position + 1),
          replicationKeys.contains(field.name()) ? "possible" : "",
          field.comment().lines().findFirst().orElse(""));
    }
    return table.toString();
  }

  private static String rows(Relation relation) {
    return relation.estimatedRows() < 0 ? "" : HumanReadable.count(relation.estimatedRows());
  }

  private static String size(Relation relation) {
    return relation.estimatedBytes() < 0 ? "" : HumanReadable.bytes(relation.estimatedBytes());
  }
}
