package dev.tapline.sink.jdbc.json;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// A JSON object of texts, integers, flags, lists and objects, as the sink stores it. Properties
/// that are not asked for are ignored.
public final class JsonObject {
  private static final JsonFactory JSON = new JsonFactory();

  private final Map<String, Object> values;

  private JsonObject(Map<String, Object> values) {
    this.values = values;
  }

  /// The text of an object with the properties that `properties` writes.
  public static String write(Consumer<JsonGenerator> properties) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      properties.accept(json);
      json.writeEndObject();
    }
    return text.toString();
  }

  /// Writes a list of texts as a property.
  public static void writeTexts(JsonGenerator json, String name, List<String> texts) {
    json.writeArrayPropertyStart(name);
    texts.forEach(json::writeString);
    json.writeEndArray();
  }

  /// Parses the text of one object.
  ///
  /// @throws IllegalArgumentException if it is not one
  public static JsonObject parse(String text) {
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("no JSON object: " + text);
      }
      JsonObject object = object(json);
      if (json.nextToken() != null) {
        throw new IllegalArgumentException("more than one JSON object: " + text);
      }
      return object;
    } catch (JacksonException e) {
      throw new IllegalArgumentException("no JSON object: " + text, e);
    }
  }

  private static JsonObject object(JsonParser json) {
    Map<String, Object> values = new LinkedHashMap<>();
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = json.currentName();
      json.nextToken();
      values.put(name, value(json));
    }
    return new JsonObject(values);
  }

  private static Object value(JsonParser json) {
    return switch (json.currentToken()) {
      case START_OBJECT -> object(json);
      case START_ARRAY -> {
        List<Object> elements = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
          elements.add(value(json));
        }
        yield elements;
      }
      case VALUE_STRING -> json.getString();
      case VALUE_NUMBER_INT -> json.getLongValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default ->
          throw new IllegalArgumentException("%s is not stored".formatted(json.currentToken()));
    };
  }

  /// A text that must be there, as all values here.
  public String text(String name) {
    return required(String.class, name, values.get(name));
  }

  /// An integer.
  public long number(String name) {
    return required(Long.class, name, values.get(name));
  }

  /// A flag.
  public boolean flag(String name) {
    return required(Boolean.class, name, values.get(name));
  }

  /// An object.
  public JsonObject object(String name) {
    return required(JsonObject.class, name, values.get(name));
  }

  /// A list of texts.
  public List<String> texts(String name) {
    return list(String.class, name);
  }

  /// A list of objects.
  public List<JsonObject> objects(String name) {
    return list(JsonObject.class, name);
  }

  /// All properties, each of which is a text.
  public Map<String, String> allTexts() {
    Map<String, String> texts = new LinkedHashMap<>();
    values.keySet().forEach(name -> texts.put(name, text(name)));
    return texts;
  }

  private <T> List<T> list(Class<T> type, String name) {
    List<T> list = new ArrayList<>();
    for (Object element : required(List.class, name, values.get(name))) {
      list.add(required(type, name, element));
    }
    return list;
  }

  private static <T> T required(Class<T> type, String name, @Nullable Object value) {
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException(
          "'%s' is missing or is no %s".formatted(name, type.getSimpleName()));
    }
    return type.cast(value);
  }
}
