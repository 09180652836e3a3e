package dev.tapline.cli.text;

import dev.tapline.spi.catalog.StreamName;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What the answers for programs have in common: names as in `report.json`, and an indented text.
public final class Json {
  private static final JsonMapper MAPPER = JsonMapper.shared();

  private Json() {}

  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  public static ArrayNode list() {
    return MAPPER.createArrayNode();
  }

  /// Writes down which stream an object is about.
  public static ObjectNode name(ObjectNode node, StreamName name, String label) {
    return node.put("database", name.database())
        .put("schema", name.namespace())
        .put("name", name.name())
        .put("label", label);
  }

  /// The document, ended by a line feed.
  public static String text(JsonNode root) {
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
  }
}
