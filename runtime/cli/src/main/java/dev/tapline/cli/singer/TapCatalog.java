package dev.tapline.cli.singer;

import dev.tapline.cli.options.UsageException;
import dev.tapline.engine.select.NamePattern;
import dev.tapline.spi.catalog.StreamName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a Singer catalog selects.
///
/// @param entries the entries
public record TapCatalog(List<Entry> entries) {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String FORCED = "forced-replication-method";

  /// A stream that is selected.
  ///
  /// @param values an entry of `streams` as a descriptor has them
  /// @param name which table or view it means; without a database where the catalog names none
  /// @param place where in the catalog it stands, for messages
  record Entry(Map<String, @Nullable Object> values, StreamName name, String place) {
    boolean isView() {
      return values.containsKey("view");
    }
  }

  /// Reads a catalog.
  ///
  /// @throws UsageException if it is none, or selects nothing
  public static TapCatalog read(Path file) throws IOException {
    JsonNode streams;
    try {
      streams = JSON.readTree(Files.readString(file)).path("streams");
    } catch (JacksonException e) {
      throw new UsageException(
          "the catalog '%s' is not JSON: %s".formatted(file, e.getOriginalMessage()));
    }
    if (!streams.isArray()) {
      throw new UsageException(
          "the catalog '%s' has no list 'streams'; 'runtime tap --config FILE --discover' writes one"
              .formatted(file));
    }
    List<Entry> entries = new ArrayList<>();
    Set<StreamName> names = new HashSet<>();
    for (JsonNode stream : streams) {
      JsonNode table = metadata(stream, List.of());
      if (isSelected(table, stream.path("schema"), false)) {
        String place = file + ": " + stream.path("tap_stream_id").asString("?");
        StreamName name = name(stream, table, place);
        if (!names.add(name)) {
          throw new UsageException(
              "%s: '%s' is selected twice; a table is read once".formatted(place, name));
        }
        entries.add(new Entry(values(stream, table, name, place), name, place));
      }
    }
    if (entries.isEmpty()) {
      throw new UsageException(
          "the catalog '%s' selects no stream; set \"selected\": true in the metadata of a stream whose \"breadcrumb\" is []"
              .formatted(file));
    }
    return new TapCatalog(entries);
  }

  private static Map<String, @Nullable Object> values(
      JsonNode stream, JsonNode table, StreamName meant, String place) throws UsageException {
    boolean view = table.path("is-view").asBoolean(false);
    Map<String, @Nullable Object> entry = new LinkedHashMap<>();
    entry.put(view ? "view" : "table", pattern(meant));
    String method =
        first(
            table.path(FORCED),
            table.path("replication-method"),
            stream.path("replication_method"));
    if (!method.isEmpty()) {
      entry.put("method", method);
    }
    List<String> key = names(table.path("replication-key"), stream.path("replication_key"));
    if (!key.isEmpty()) {
      entry.put("replication-key", key);
    }
    List<String> rowKey = names(table.path("view-key-properties"));
    if (view && !rowKey.isEmpty()) {
      entry.put("primary-key", rowKey);
    }
    List<String> left = columnsLeftOut(stream, place);
    if (!left.isEmpty()) {
      entry.put("columns", Map.of("exclude", left));
    }
    String name = stream.path("stream").asString("");
    if (!name.isEmpty()) {
      entry.put("as", name);
    }
    return entry;
  }

  private static StreamName name(JsonNode stream, JsonNode table, String place)
      throws UsageException {
    String schema = table.path("schema-name").asString("");
    String name = first(stream.path("table_name"), stream.path("stream"));
    if (schema.isEmpty() || name.isEmpty()) {
      throw new UsageException(
          "%s: its metadata have no 'schema-name', or it has no 'table_name'; 'runtime tap --config FILE --discover' writes both"
              .formatted(place));
    }
    return new StreamName(table.path("database-name").asString(""), schema, name);
  }

  private static String pattern(StreamName name) {
    String database = name.database();
    return (database.isEmpty() ? "" : NamePattern.quoted(database) + ".")
        + NamePattern.quoted(name.namespace())
        + "."
        + NamePattern.quoted(name.name());
  }

  // What the catalog does not mention came later, and is taken like the rest.
  private static List<String> columnsLeftOut(JsonNode stream, String place) throws UsageException {
    List<String> left = new ArrayList<>();
    for (String column : stream.at("/schema/properties").propertyNames()) {
      JsonNode metadata = metadata(stream, List.of("properties", column));
      if (!isSelected(metadata, stream.at("/schema/properties").path(column), true)) {
        if (NamePattern.isPattern(column)) {
          throw new UsageException(
              "%s: the column '%s' cannot be left out, since * and ? in a name stand for others too"
                  .formatted(place, column));
        }
        left.add(column);
      }
    }
    return left;
  }

  /// @param legacy where catalogs of before metadata had it
  /// @param otherwise what holds when nothing is said
  private static boolean isSelected(JsonNode metadata, JsonNode legacy, boolean otherwise) {
    String inclusion = metadata.path("inclusion").asString("");
    if (inclusion.equals("unsupported")) {
      return false;
    }
    if (inclusion.equals("automatic")) {
      return true;
    }
    for (JsonNode said :
        List.of(
            metadata.path("selected"),
            legacy.path("selected"),
            metadata.path("selected-by-default"))) {
      if (!said.isMissingNode() && !said.isNull()) {
        return said.asBoolean(false);
      }
    }
    return otherwise;
  }

  private static JsonNode metadata(JsonNode stream, List<String> breadcrumb) {
    for (JsonNode each : stream.path("metadata")) {
      List<String> path =
          each.path("breadcrumb").valueStream().map(step -> step.asString("")).toList();
      if (path.equals(breadcrumb)) {
        return each.path("metadata");
      }
    }
    return JSON.missingNode();
  }

  private static String first(JsonNode... nodes) {
    for (JsonNode node : nodes) {
      if (node.isString() && !node.asString().isEmpty()) {
        return node.asString();
      }
    }
    return "";
  }

  /// Names out of the first node that has some: one, or a list of them.
  private static List<String> names(JsonNode... nodes) {
    for (JsonNode node : nodes) {
      if (node.isString() && !node.asString().isEmpty()) {
        return List.of(node.asString());
      }
      if (node.isArray() && !node.isEmpty()) {
        return node.valueStream().map(name -> name.asString("")).toList();
      }
    }
    return List.of();
  }
}
