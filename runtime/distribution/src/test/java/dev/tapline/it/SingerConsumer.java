package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A target by the rules of Singer's specification (SPEC.md of singer-io/getting-started): it holds
/// every message to them, gathers rows in memory, and makes them durable at a STATE, whose value it
/// then writes. What it has gathered since is lost when it dies.
final class SingerConsumer {
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_4);

  /// A stream as the target has it: rows by key, each with the version that it came with.
  private record Table(Map<String, ObjectNode> rows, Map<String, Long> versions) {
    Table() {
      this(new TreeMap<>(), new HashMap<>());
    }

    Table copy() {
      return new Table(new TreeMap<>(rows), new HashMap<>(versions));
    }
  }

  private final Path stateFile;
  private Map<String, Table> durable = new TreeMap<>();
  private final Map<String, JsonNode> announced = new HashMap<>();
  private final Map<String, Schema> schemas = new HashMap<>();
  private Map<String, Table> gathered = new TreeMap<>();
  private Set<String> positions = Set.of();
  final List<JsonNode> states = new ArrayList<>();
  long lines;

  /// @param stateFile what the target's output is appended to
  SingerConsumer(Path stateFile) {
    this.stateFile = stateFile;
  }

  /// The rows of a stream that outlive the target, in the order of their keys.
  List<JsonNode> rows(String stream) {
    return List.copyOf(durable.getOrDefault(stream, new Table()).rows().values());
  }

  /// The last SCHEMA of a stream.
  JsonNode schema(String stream) {
    return announced.get(stream);
  }

  /// Reads a tap's output to its end, or dies.
  ///
  /// @param most after how many lines it dies
  void read(InputStream output, long most) throws IOException {
    gathered = new TreeMap<>();
    durable.forEach((name, table) -> gathered.put(name, table.copy()));
    announced.clear();
    schemas.clear();
    positions = Set.of();
    lines = 0;
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null && lines < most; ) {
        String next = reader.readLine();
        if (next == null && !line.endsWith("}")) {
          return; // cut in two by a kill, where a target dies
        }
        lines++;
        take(Output.JSON.readTree(line));
        line = next;
      }
    }
  }

  private void take(JsonNode message) throws IOException {
    switch (message.get("type").asString()) {
      case "SCHEMA" -> announce(message);
      case "RECORD" -> insert(message);
      case "ACTIVATE_VERSION" -> activate(message);
      case "STATE" -> finish(message.get("value"));
      default -> throw new AssertionError("no message of Singer's: " + message);
    }
  }

  private void announce(JsonNode message) {
    String stream = message.get("stream").asString();
    for (String list : List.of("key_properties", "bookmark_properties")) {
      assertThat(message.get(list).isArray()).as("%s of %s", list, message).isTrue();
    }
    for (JsonNode key : message.get("key_properties")) {
      assertThat(message.at("/schema/properties").has(key.asString())).isTrue();
    }
    announced.put(stream, message);
    schemas.put(stream, REGISTRY.getSchema(message.get("schema").toString()));
    gathered.computeIfAbsent(stream, _ -> new Table());
  }

  private void insert(JsonNode message) {
    String stream = message.get("stream").asString();
    JsonNode announcement = announced.get(stream);
    assertThat(announcement).as("a SCHEMA of %s before its RECORD", stream).isNotNull();
    JsonNode row = message.get("record");
    assertThat(schemas.get(stream).validate(row.toString(), InputFormat.JSON))
        .as("%s", row)
        .isEmpty();
    assertThat(row.propertyNames())
        .isSubsetOf(announcement.at("/schema/properties").propertyNames());
    List<String> key = new ArrayList<>();
    for (JsonNode name : announcement.get("key_properties")) {
      assertThat(row.hasNonNull(name.asString())).as("key of %s", row).isTrue();
      key.add(row.get(name.asString()).toString());
    }
    Table table = gathered.get(stream);
    String id = key.isEmpty() ? row.toString() : String.format("%20s", String.join(",", key));
    if (row.hasNonNull("_sdc_deleted_at")) {
      table.rows().remove(id);
      return;
    }
    ObjectNode merged =
        table.rows().containsKey(id)
            ? table.rows().get(id).deepCopy()
            : Output.JSON.createObjectNode();
    merged.setAll((ObjectNode) row);
    table.rows().put(id, merged);
    table.versions().put(id, message.get("version").longValue());
  }

  private void activate(JsonNode message) {
    Table table = gathered.get(message.get("stream").asString());
    assertThat(table).as("a SCHEMA before %s", message).isNotNull();
    long version = message.get("version").longValue();
    table.rows().keySet().removeIf(id -> table.versions().getOrDefault(id, 0L) < version);
  }

  private void finish(JsonNode state) throws IOException {
    Set<String> names = new HashSet<>(state.get("bookmarks").propertyNames());
    assertThat(names).as("a STATE has all that the one before had").containsAll(positions);
    positions = names;
    states.add(state);
    durable = new TreeMap<>();
    gathered.forEach((name, table) -> durable.put(name, table.copy()));
    Files.writeString(
        stateFile, state + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
