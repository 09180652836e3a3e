package dev.tapline.runtime.state;

import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.Checkpoint;
import dev.tapline.spi.sink.Commit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The state file's JSON. Version 1.
final class StateFormat {
  private static final int VERSION = 1;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private StateFormat() {}

  static byte[] write(PipelineState state) {
    ObjectNode root = JSON.createObjectNode();
    root.put("version", VERSION);
    root.put("pipeline", state.pipeline());
    root.put("checkpoint", state.checkpoint());
    root.putObject("high_water")
        .put("generation", state.highWater().generation())
        .put("time", state.highWater().time());
    ArrayNode streams = root.putArray("streams");
    for (StreamState stream : state.streams().values()) {
      ObjectNode node = writeName(streams.addObject(), stream.name());
      node.put("method", stream.method());
      node.put("destination", stream.destination());
      node.put("generation", stream.generation());
      writePosition(node, stream.position());
      node.put("updated_at", stream.updatedAt().toString());
    }
    state.pending().ifPresent(checkpoint -> writePending(root.putObject("pending"), checkpoint));
    return JSON.writeValueAsBytes(root);
  }

  /// @throws RuntimeException of Jackson's, or IllegalArgumentException, if it is not such JSON
  static PipelineState read(byte[] json) {
    JsonNode root = JSON.readTree(json);
    int version = root.path("version").asInt(0);
    if (version != VERSION) {
      throw new IllegalArgumentException(
          version == 0 ? "it has no version" : "its version " + version + " is not known here");
    }
    Map<StreamName, StreamState> streams = new TreeMap<>();
    for (JsonNode node : root.required("streams")) {
      StreamName name = readName(node);
      streams.put(
          name,
          new StreamState(
              name,
              node.required("method").asString(),
              node.required("destination").asString(),
              node.required("generation").asLong(),
              readPosition(node.required("position")),
              Instant.parse(node.required("updated_at").asString())));
    }
    return new PipelineState(
        root.required("pipeline").asString(),
        root.required("checkpoint").asLong(),
        streams,
        root.has("pending") ? Optional.of(readPending(root.get("pending"))) : Optional.empty(),
        readHighWater(root.path("high_water")));
  }

  // States of before had none.
  private static HighWater readHighWater(JsonNode node) {
    return node.isMissingNode()
        ? HighWater.NONE
        : new HighWater(node.required("generation").asLong(), node.required("time").asLong());
  }

  private static void writePending(ObjectNode node, Checkpoint checkpoint) {
    node.put("checkpoint", checkpoint.number());
    ArrayNode commits = node.putArray("commits");
    checkpoint
        .commits()
        .forEach((stream, prepared) -> {
          for (Commit commit : prepared) {
            writeName(commits.addObject(), stream)
                .put("version", commit.version())
                .put("payload", commit.payload());
          }
        });
    ArrayNode replacements = node.putArray("replacements");
    for (Checkpoint.Replacement replacement : checkpoint.replacements()) {
      writeName(replacements.addObject(), replacement.stream())
          .put("destination", replacement.destination())
          .put("generation", replacement.generation());
    }
    ArrayNode positions = node.putArray("positions");
    new TreeMap<>(checkpoint.positions())
        .forEach(
            (name, position) -> writePosition(writeName(positions.addObject(), name), position));
  }

  private static Checkpoint readPending(JsonNode node) {
    Map<StreamName, List<Commit>> commits = new LinkedHashMap<>();
    for (JsonNode commit : node.required("commits")) {
      commits
          .computeIfAbsent(readName(commit), _ -> new ArrayList<>())
          .add(
              new Commit(
                  commit.required("version").asInt(), commit.required("payload").asString()));
    }
    List<Checkpoint.Replacement> replacements = new ArrayList<>();
    for (JsonNode replacement : node.required("replacements")) {
      replacements.add(
          new Checkpoint.Replacement(
              readName(replacement),
              replacement.required("destination").asString(),
              replacement.required("generation").asLong()));
    }
    Map<StreamName, Position> positions = new HashMap<>();
    for (JsonNode position : node.required("positions")) {
      positions.put(readName(position), readPosition(position.required("position")));
    }
    return new Checkpoint(node.required("checkpoint").asLong(), commits, replacements, positions);
  }

  private static ObjectNode writeName(ObjectNode node, StreamName name) {
    return node.put("database", name.database())
        .put("schema", name.namespace())
        .put("name", name.name());
  }

  private static StreamName readName(JsonNode node) {
    return new StreamName(
        node.required("database").asString(),
        node.required("schema").asString(),
        node.required("name").asString());
  }

  private static void writePosition(ObjectNode node, Position position) {
    ObjectNode entries = node.putObject("position");
    position.entries().forEach(entries::put);
  }

  private static Position readPosition(JsonNode node) {
    Map<String, String> entries = new LinkedHashMap<>();
    node.properties().forEach(entry -> entries.put(entry.getKey(), entry.getValue().asString()));
    return Position.of(entries);
  }
}
