package dev.tapline.files;

import dev.tapline.spi.sink.Commit;
import java.io.IOException;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// The text of commits: one JSON object of texts and numbers.
public final class CommitText {
  private static final int VERSION = 1;
  private static final JsonFactory JSON = new JsonFactory();

  private final Map<String, String> values;

  private CommitText(Map<String, String> values) {
    this.values = values;
  }

  /// A commit that says what `properties` writes.
  public static Commit write(Consumer<JsonGenerator> properties) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      properties.accept(json);
      json.writeEndObject();
    }
    return new Commit(VERSION, text.toString());
  }

  /// What a commit says.
  ///
  /// @param meaning makes something of its values; it may throw [IllegalArgumentException]
  public static <T> T read(Commit commit, Function<CommitText, T> meaning) throws IOException {
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
      return meaning.apply(new CommitText(values));
    } catch (JacksonException | IllegalArgumentException e) {
      throw new IOException(
          "the commit " + commit.payload() + " is not one of this sink: " + e.getMessage(), e);
    }
  }

  /// A value that must be there.
  public String required(String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("'" + name + "' is missing");
    }
    return value;
  }
}
