package dev.tapline.sink.jsonl.singer;

import dev.tapline.files.json.JsonCodec;
import dev.tapline.sink.jsonl.encoding.JsonText;
import dev.tapline.sink.jsonl.encoding.RowFormat;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.catalog.Temporals;
import dev.tapline.spi.sink.Checkpoint.TableReplacement;
import dev.tapline.spi.sink.SinkState;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/// Formats the messages of Singer's specification, each on a line.
final class SingerMessages {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private SingerMessages() {}

  /// The text before a record's fields.
  static String recordStart(String destination) {
    return "{\"type\":\"RECORD\",\"stream\":" + JsonText.quote(destination) + ",\"record\":";
  }

  /// The text after a record's fields.
  static String recordEnd(long version, long extractedAt) {
    return ",\"version\":%d,\"time_extracted\":\"%s\"}\n"
        .formatted(version, TIME.format(Temporals.instant(extractedAt)));
  }

  static String schema(Stream stream, Schema schema, RowFormat rows) {
    return message(json -> {
      json.writeStringProperty("type", "SCHEMA");
      json.writeStringProperty("stream", stream.destination());
      json.writeName("schema");
      SingerSchema.write(json, stream, schema, rows);
      writeNames(json, "key_properties", schema.key());
      writeNames(json, "bookmark_properties", bookmarks(stream));
    });
  }

  static String activateVersion(TableReplacement replacement) {
    return message(json -> {
      json.writeStringProperty("type", "ACTIVATE_VERSION");
      json.writeStringProperty("stream", replacement.destination());
      json.writeNumberProperty("version", replacement.version());
    });
  }

  /// @param keys the replication keys of streams that have one of a single column
  static String state(SinkState state, Map<StreamName, String> keys) {
    return message(json -> {
      json.writeStringProperty("type", "STATE");
      json.writeName("value");
      SingerState.write(json, state, keys);
    });
  }

  private static String message(Consumer<JsonGenerator> content) {
    return JsonCodec.write(content) + '\n';
  }

  private static List<String> bookmarks(Stream stream) {
    return switch (stream.method()) {
      case "FULL_TABLE" -> List.of();
      case "LOG_BASED" -> List.of("lsn");
      default -> stream.replicationKey();
    };
  }

  private static void writeNames(JsonGenerator json, String property, List<String> names) {
    json.writeArrayPropertyStart(property);
    names.forEach(json::writeString);
    json.writeEndArray();
  }
}
