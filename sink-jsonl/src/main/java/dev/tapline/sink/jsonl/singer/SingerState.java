package dev.tapline.sink.jsonl.singer;

import dev.tapline.files.json.JsonCodec;
import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.SinkState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// Reads and writes the value of Singer's STATE: a bookmark for each stream, under the name of its
/// records, since some targets merge states by bookmark.
///
/// A bookmark has what Singer's taps usually write, and an object `tapline` with all that is needed
/// to resume, so that neither a column's name nor another tap's bookmark is mistaken for a
/// position.
final class SingerState {
  private static final String OWN = "tapline";
  private static final String KEY = "replication_key";
  private static final String METHOD = "last_replication_method";
  private static final String VERSION = "version";
  private static final String LOG_POSITION = "lsn";
  private static final Pattern LSN = Pattern.compile("([0-9A-F]{1,8})/([0-9A-F]{1,8})");

  private final Map<StreamName, String> keys = new TreeMap<>();
  private final List<String> foreign = new ArrayList<>();
  private final Map<StreamName, SinkState.Entry> positions = new LinkedHashMap<>();
  private long version;
  private long time;

  /// Reads a state.
  ///
  /// @param state the value of a STATE message
  SingerState(Map<String, @Nullable Object> state) {
    child(state, "bookmarks")
        .forEach((name, bookmark) -> {
          if (bookmark instanceof Map<?, ?> entries) {
            read(name, entries);
          }
        });
  }

  /// The state as the engine needs it.
  SinkState state() {
    return new SinkState(positions, version, time);
  }

  /// The names of bookmarks that another tap has written, or that are not understood.
  List<String> foreign() {
    return List.copyOf(foreign);
  }

  /// The replication keys of streams that have one of a single column.
  Map<StreamName, String> keys() {
    return Map.copyOf(keys);
  }

  private void read(String name, Map<?, ?> bookmark) {
    version = Math.max(version, number(bookmark.get(VERSION)));
    Map<String, @Nullable Object> own = child(bookmark, OWN);
    if (!(own.get("position") instanceof Map<?, ?>) || !own.containsKey("table")) {
      if (!bookmark.isEmpty()) {
        foreign.add(name);
      }
      return;
    }
    StreamName stream =
        new StreamName(text(own, "database"), text(own, "schema"), text(own, "table"));
    time = Math.max(time, number(own.get("time")));
    Map<String, String> position = new LinkedHashMap<>();
    child(own, "position").forEach((entry, value) -> position.put(entry, String.valueOf(value)));
    if (bookmark.get(KEY) instanceof String key) {
      keys.put(stream, key);
    }
    positions.put(
        stream,
        new SinkState.Entry(
            String.valueOf(bookmark.get(METHOD)),
            name,
            number(bookmark.get(VERSION)),
            Position.of(position)));
  }

  /// Writes the value of a STATE message.
  ///
  /// @param keys the replication keys of streams that have one of a single column
  static void write(JsonGenerator json, SinkState state, Map<StreamName, String> keys) {
    json.writeStartObject();
    json.writeObjectPropertyStart("bookmarks");
    state
        .streams()
        .forEach((stream, place) -> {
          json.writeObjectPropertyStart(place.destination());
          json.writeStringProperty(METHOD, place.method());
          json.writeNumberProperty(VERSION, place.version());
          writeSingers(json, place.position(), keys.get(stream));
          json.writeObjectPropertyStart(OWN);
          json.writeStringProperty("database", stream.database());
          json.writeStringProperty("schema", stream.namespace());
          json.writeStringProperty("table", stream.name());
          json.writeNumberProperty("time", state.time());
          json.writeObjectPropertyStart("position");
          place.position().entries().forEach(json::writeStringProperty);
          json.writeEndObject();
          json.writeEndObject();
          json.writeEndObject();
        });
    json.writeEndObject();
    json.writeNullProperty("currently_syncing");
    json.writeEndObject();
  }

  // For people and tools that inspect states; never read here.
  private static void writeSingers(JsonGenerator json, Position position, @Nullable String key) {
    if (key != null) {
      json.writeStringProperty(KEY, key);
      String value = position.entries().get("key." + key);
      if (value != null) {
        json.writeStringProperty("replication_key_value", value);
      }
    }
    Matcher lsn = LSN.matcher(position.entries().getOrDefault(LOG_POSITION, ""));
    if (lsn.matches()) {
      json.writeNumberProperty(
          LOG_POSITION, Long.parseLong(lsn.group(1), 16) << 32 | Long.parseLong(lsn.group(2), 16));
    }
  }

  // Empty if it is not an object: what other taps have written may be anything.
  private static Map<String, @Nullable Object> child(Map<?, ?> object, String name) {
    return object.get(name) instanceof Map<?, ?> found ? JsonCodec.asObject(found) : Map.of();
  }

  private static String text(Map<String, @Nullable Object> object, String name) {
    return String.valueOf(object.getOrDefault(name, ""));
  }

  private static long number(@Nullable Object value) {
    return value instanceof String text && text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
  }
}
