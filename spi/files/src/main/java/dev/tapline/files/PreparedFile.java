package dev.tapline.files;

import dev.tapline.spi.sink.Commit;
import dev.tapline.spi.sink.WriteMode;
import java.io.IOException;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// What a commit of this sink says: a file that is complete, and where it belongs.
///
/// @param destination the stream's destination
/// @param generation the version that its rows belong to
/// @param mode whether they are the version's own or were added to it
/// @param temporary where the file is, relative to the sink's path
/// @param name what it shall be called, relative to its destination's folder
public record PreparedFile(
    String destination, long generation, WriteMode mode, String temporary, String name) {
  private static final int VERSION = 1;
  private static final JsonFactory JSON = new JsonFactory();

  /// The commit that says it.
  public Commit toCommit() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      json.writeStringProperty("destination", destination);
      json.writeNumberProperty("generation", generation);
      json.writeStringProperty("mode", mode.name());
      json.writeStringProperty("from", temporary);
      json.writeStringProperty("to", name);
      json.writeEndObject();
    }
    return new Commit(VERSION, text.toString());
  }

  /// What a commit says.
  public static PreparedFile of(Commit commit) throws IOException {
    if (commit.version() != VERSION) {
      throw new IOException(
          "a commit of version %d comes from a later release of this sink, which this one cannot finish; run that release once more"
              .formatted(commit.version()));
    }
    Map<String, String> values = new HashMap<>();
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), commit.payload())) {
      json.nextToken();
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = json.currentName();
        json.nextToken();
        values.put(name, json.getString());
      }
      return new PreparedFile(
          required(values, "destination"),
          Long.parseLong(required(values, "generation")),
          WriteMode.valueOf(required(values, "mode")),
          required(values, "from"),
          required(values, "to"));
    } catch (JacksonException | IllegalArgumentException e) {
      throw new IOException(
          "the commit " + commit.payload() + " is not one of this sink: " + e.getMessage(), e);
    }
  }

  private static String required(Map<String, String> values, String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("'" + name + "' is missing");
    }
    return value;
  }
}
