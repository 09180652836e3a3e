package dev.tapline.sink.jsonl.singer;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads Singer's messages by the rules of its specification (SPEC.md of singer-io/getting-started)
/// as the common targets do: a stream's SCHEMA comes before its records, each record is validated
/// against it under JSON Schema draft 4 and has its key, a version deletes those before it, and the
/// last STATE is what the target gives back.
final class SingerTarget {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  /// The records of a stream.
  static final class Table {
    JsonNode announcement = JSON.createObjectNode();
    final List<JsonNode> messages = new ArrayList<>();
    long activeVersion = -1;
  }

  final Map<String, Table> tables = new HashMap<>();
  final List<JsonNode> states = new ArrayList<>();
  final List<String> types = new ArrayList<>();

  private final Map<String, Schema> schemas = new HashMap<>();
  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_4);

  void read(String lines) {
    lines.lines().forEach(this::readLine);
  }

  private void readLine(String line) {
    JsonNode message = JSON.readTree(line);
    String type = message.get("type").stringValue();
    types.add(type);
    switch (type) {
      case "SCHEMA" -> announce(message);
      case "RECORD" -> insert(message);
      case "ACTIVATE_VERSION" -> activate(message);
      case "STATE" -> states.add(message.get("value"));
      default -> throw new AssertionError("no such message: " + line);
    }
  }

  private void announce(JsonNode message) {
    String stream = message.get("stream").stringValue();
    assertThat(message.get("key_properties").isArray()).isTrue();
    assertThat(message.get("bookmark_properties").isArray()).isTrue();
    for (JsonNode key : message.get("key_properties")) {
      assertThat(message.at("/schema/properties").has(key.stringValue())).isTrue();
    }
    schemas.put(stream, registry.getSchema(message.get("schema").toString()));
    tables.computeIfAbsent(stream, name -> new Table()).announcement = message;
  }

  private void insert(JsonNode message) {
    String stream = message.get("stream").stringValue();
    Schema schema = schemas.get(stream);
    assertThat(schema).as("a SCHEMA of %s before its first RECORD", stream).isNotNull();
    JsonNode record = message.get("record");
    assertThat(schema.validate(record.toString(), InputFormat.JSON)).as("%s", record).isEmpty();
    Table table = tables.get(stream);
    for (String name : record.propertyNames()) {
      assertThat(table.announcement.at("/schema/properties").has(name)).as(name).isTrue();
    }
    for (JsonNode key : table.announcement.get("key_properties")) {
      assertThat(record.hasNonNull(key.stringValue())).isTrue();
    }
    assertThat(message.get("time_extracted").stringValue()).endsWith("Z");
    table.messages.add(message);
  }

  private void activate(JsonNode message) {
    Table table = tables.get(message.get("stream").stringValue());
    assertThat(table).as("a SCHEMA before ACTIVATE_VERSION").isNotNull();
    table.activeVersion = message.get("version").longValue();
    table.messages.removeIf(record -> record.get("version").longValue() < table.activeVersion);
  }
}
