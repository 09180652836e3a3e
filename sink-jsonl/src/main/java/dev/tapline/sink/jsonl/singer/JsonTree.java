package dev.tapline.sink.jsonl.singer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// Reads a JSON object into maps and lists; numbers and truth values stay text.
final class JsonTree {
  private static final JsonFactory JSON = new JsonFactory();

  private JsonTree() {}

  /// The object that a text is, if it is one from its beginning to its end.
  static Optional<Map<String, @Nullable Object>> object(String text) {
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      Map<String, @Nullable Object> object = readObject(json);
      return json.nextToken() == null ? Optional.of(object) : Optional.empty();
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  /// The object under a name; an empty one if there is none.
  static Map<String, @Nullable Object> child(Map<?, ?> object, String name) {
    Map<String, @Nullable Object> child = new LinkedHashMap<>();
    if (object.get(name) instanceof Map<?, ?> found) {
      found.forEach((key, value) -> child.put(String.valueOf(key), value));
    }
    return child;
  }

  private static Map<String, @Nullable Object> readObject(JsonParser json) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      json.nextToken();
      object.put(name, readValue(json));
    }
    return object;
  }

  private static @Nullable Object readValue(JsonParser json) {
    return switch (json.currentToken()) {
      case START_OBJECT -> readObject(json);
      case START_ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
          list.add(readValue(json));
        }
        yield list;
      }
      case VALUE_NULL -> null;
      default -> json.getString();
    };
  }
}
