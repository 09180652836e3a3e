package dev.tapline.engine.state;

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
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The JSON of the state file, and of the changes in its journal. Version 1.
final class StateFormat {
  private static final int VERSION = 1;
  // The process's one: to make another takes longer than to read most states.
  private static final JsonMapper JSON = JsonMapper.shared();

  /// A state file.
  ///
  /// @param state the state as it was when the file was written
  /// @param journal the id of the journal that goes on from there; empty for none
  record Whole(PipelineState state, String journal) {}

  private StateFormat() {}

  static byte[] write(Whole whole) {
    PipelineState state = whole.state();
    ObjectNode root = JSON.createObjectNode();
    root.put("version", VERSION);
    root.put("pipeline", state.pipeline());
    root.put("checkpoint", state.checkpoint());
    root.put("journal", whole.journal());
    writeHighWater(root, state.highWater());
    ArrayNode streams = root.putArray("streams");
    state.streams().values().forEach(stream -> writeStream(streams.addObject(), stream));
    state
        .pending()
        .ifPresent(checkpoint -> {
          ObjectNode node = root.putObject("pending");
          writePending(node, checkpoint);
          writePositions(node, checkpoint);
        });
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
  }

  /// A line of the journal, without its end.
  static byte[] write(StateChange change) {
    ObjectNode root = JSON.createObjectNode();
    root.put("checkpoint", change.checkpoint());
    writeHighWater(root, change.highWater());
    writeNames(root, "removed", change.removed());
    if (!change.written().isEmpty()) {
      ArrayNode written = root.putArray("written");
      change.written().forEach(stream -> writeStream(written.addObject(), stream));
    }
    if (!change.moves().isEmpty()) {
      ArrayNode moves = root.putArray("moved");
      for (StateChange.Move move : change.moves()) {
        ObjectNode node = moves.addObject();
        writeEntries(node.putObject("from"), move.from());
        writeEntries(node.putObject("to"), move.to());
        node.put("updated_at", move.updatedAt().toString());
        writeNames(node, "streams", move.streams());
      }
    }
    change
        .pending()
        .ifPresent(checkpoint -> {
          ObjectNode node = root.putObject("pending");
          writePending(node, checkpoint);
          if (!change.positionsOfChanged()) {
            writePositions(node, checkpoint);
          }
        });
    return JSON.writeValueAsBytes(root);
  }

  /// @throws RuntimeException of Jackson's, or IllegalArgumentException, if it is not such JSON
  static StateChange readChange(byte[] line) {
    JsonNode root = JSON.readTree(line);
    List<StreamState> written = new ArrayList<>();
    root.path("written").forEach(node -> written.add(readStream(node)));
    List<StateChange.Move> moves = new ArrayList<>();
    root.path("moved")
        .forEach(node ->
            moves.add(
                new StateChange.Move(
                    readEntries(node.required("from")),
                    readEntries(node.required("to")),
                    Instant.parse(node.required("updated_at").asString()),
                    readNames(node.path("streams")))));
    boolean ofChanged = root.has("pending") && !root.get("pending").has("positions");
    return new StateChange(
        root.required("checkpoint").asLong(),
        readHighWater(root.required("high_water")),
        readNames(root.path("removed")),
        written,
        moves,
        readPending(root, ofChanged ? Map.of() : readPositions(root)),
        ofChanged);
  }

  /// The first line of a journal.
  static byte[] writeHeader(String journal) {
    return JSON.writeValueAsBytes(
        JSON.createObjectNode().put("version", VERSION).put("journal", journal));
  }

  /// The id that the first line of a journal says.
  static String readHeader(byte[] line) {
    JsonNode root = JSON.readTree(line);
    requireVersion(root);
    return root.required("journal").asString();
  }

  private static void requireVersion(JsonNode root) {
    int version = root.path("version").asInt(0);
    if (version != VERSION) {
      throw new IllegalArgumentException(
          version == 0 ? "it has no version" : "its version " + version + " is not known here");
    }
  }

  /// @throws RuntimeException of Jackson's, or IllegalArgumentException, if it is not such JSON
  static Whole read(byte[] json) {
    JsonNode root = JSON.readTree(json);
    requireVersion(root);
    Map<StreamName, StreamState> streams = new TreeMap<>();
    for (JsonNode node : root.required("streams")) {
      StreamState stream = readStream(node);
      streams.put(stream.name(), stream);
    }
    return new Whole(
        new PipelineState(
            root.required("pipeline").asString(),
            root.required("checkpoint").asLong(),
            streams,
            readPending(root, readPositions(root)),
            readHighWater(root.path("high_water"))),
        root.path("journal").asString(""));
  }

  private static void writeStream(ObjectNode node, StreamState stream) {
    writeName(node, stream.name())
        .put("method", stream.method())
        .put("destination", stream.destination())
        .put("generation", stream.version());
    writePosition(node, stream.position());
    node.put("updated_at", stream.updatedAt().toString());
  }

  private static StreamState readStream(JsonNode node) {
    return new StreamState(
        readName(node),
        node.required("method").asString(),
        node.required("destination").asString(),
        node.required("generation").asLong(),
        readPosition(node.required("position")),
        Instant.parse(node.required("updated_at").asString()));
  }

  private static void writeHighWater(ObjectNode root, HighWaterMarks highWater) {
    root.putObject("high_water")
        .put("generation", highWater.version())
        .put("time", highWater.time());
  }

  // States of before had none.
  private static HighWaterMarks readHighWater(JsonNode node) {
    return node.isMissingNode()
        ? HighWaterMarks.NONE
        : new HighWaterMarks(node.required("generation").asLong(), node.required("time").asLong());
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
    for (Checkpoint.TableReplacement replacement : checkpoint.replacements()) {
      writeName(replacements.addObject(), replacement.stream())
          .put("destination", replacement.destination())
          .put("generation", replacement.version());
    }
  }

  private static void writePositions(ObjectNode node, Checkpoint checkpoint) {
    ArrayNode positions = node.putArray("positions");
    new TreeMap<>(checkpoint.positions())
        .forEach(
            (name, position) -> writePosition(writeName(positions.addObject(), name), position));
  }

  private static Optional<Checkpoint> readPending(
      JsonNode root, Map<StreamName, Position> positions) {
    if (!root.has("pending")) {
      return Optional.empty();
    }
    JsonNode node = root.get("pending");
    Map<StreamName, List<Commit>> commits = new LinkedHashMap<>();
    for (JsonNode commit : node.required("commits")) {
      commits
          .computeIfAbsent(readName(commit), _ -> new ArrayList<>())
          .add(
              new Commit(
                  commit.required("version").asInt(), commit.required("payload").asString()));
    }
    List<Checkpoint.TableReplacement> replacements = new ArrayList<>();
    for (JsonNode replacement : node.required("replacements")) {
      replacements.add(
          new Checkpoint.TableReplacement(
              readName(replacement),
              replacement.required("destination").asString(),
              replacement.required("generation").asLong()));
    }
    return Optional.of(
        new Checkpoint(node.required("checkpoint").asLong(), commits, replacements, positions));
  }

  private static Map<StreamName, Position> readPositions(JsonNode root) {
    Map<StreamName, Position> positions = new HashMap<>();
    if (root.has("pending")) {
      for (JsonNode position : root.get("pending").required("positions")) {
        positions.put(readName(position), readPosition(position.required("position")));
      }
    }
    return positions;
  }

  /// What of a text is not such JSON, by what reading it has thrown.
  static String reason(RuntimeException cause) {
    return cause instanceof JacksonException jackson
        ? jackson.getOriginalMessage()
        : String.valueOf(cause.getMessage());
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

  private static void writeNames(ObjectNode node, String property, Set<StreamName> names) {
    if (!names.isEmpty()) {
      ArrayNode array = node.putArray(property);
      names.forEach(name -> writeName(array.addObject(), name));
    }
  }

  private static Set<StreamName> readNames(JsonNode array) {
    Set<StreamName> names = new TreeSet<>();
    array.forEach(node -> names.add(readName(node)));
    return names;
  }

  private static void writePosition(ObjectNode node, Position position) {
    writeEntries(node.putObject("position"), position.entries());
  }

  private static Position readPosition(JsonNode node) {
    return Position.of(readEntries(node));
  }

  private static void writeEntries(ObjectNode node, Map<String, String> entries) {
    entries.forEach(node::put);
  }

  private static Map<String, String> readEntries(JsonNode node) {
    Map<String, String> entries = new TreeMap<>();
    node.properties().forEach(entry -> entries.put(entry.getKey(), entry.getValue().asString()));
    return entries;
  }
}
