package dev.tapline.files.json;

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
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;

/// Writes and reads JSON objects by Jackson's streaming API.
///
/// An object that was read is a map in the order of its properties. Its values are maps, lists,
/// texts and null: numbers and booleans keep their text, so that no digit is lost.
public final class JsonCodec {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String UNEXPECTED = "it is not of the form that this sink writes";
  private static final ObjectWriteContext INDENTED =
      new ObjectWriteContext.Base() {
        @Override
        public PrettyPrinter getPrettyPrinter() {
          return new DefaultPrettyPrinter();
        }
      };

  private JsonCodec() {}

  /// An object on one line.
  ///
  /// @param properties writes the properties
  public static String write(Consumer<JsonGenerator> properties) {
    return write(ObjectWriteContext.empty(), properties);
  }

  /// An object for people: a property a line, indented.
  ///
  /// @param properties writes the properties
  public static String writeIndented(Consumer<JsonGenerator> properties) {
    return write(INDENTED, properties);
  }

  /// Reads an object.
  ///
  /// @throws IllegalArgumentException if the text is not an object and nothing else; the message
  ///   says what is wrong, with the line
  public static Map<String, @Nullable Object> read(String text) {
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
      JsonToken first = json.nextToken();
      if (first == null) {
        throw new IllegalArgumentException("it ends too early");
      }
      if (first != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException(UNEXPECTED);
      }
      Map<String, @Nullable Object> object = readObject(json);
      if (json.nextToken() != null) {
        throw new IllegalArgumentException(UNEXPECTED);
      }
      return object;
    } catch (JacksonException e) {
      throw new IllegalArgumentException(problem(e), e);
    }
  }

  /// The text of a property, which may also have been a number or a boolean.
  ///
  /// @throws IllegalArgumentException if the object has none
  public static String text(Map<String, @Nullable Object> object, String name) {
    return switch (object.get(name)) {
      case String text -> text;
      case null -> throw new IllegalArgumentException("'" + name + "' is missing");
      default -> throw new IllegalArgumentException(UNEXPECTED);
    };
  }

  /// The whole number of a property.
  ///
  /// @param missing what is returned if the object has no such property
  /// @throws IllegalArgumentException if it is something else
  public static long number(Map<String, @Nullable Object> object, String name, long missing) {
    if (!object.containsKey(name)) {
      return missing;
    }
    try {
      return Long.parseLong(text(object, name));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(UNEXPECTED, e);
    }
  }

  /// The object of a property, with names as text; empty if there is none.
  ///
  /// @throws IllegalArgumentException if it is something else
  public static Map<String, @Nullable Object> object(
      Map<String, @Nullable Object> object, String name) {
    return object.containsKey(name) ? asObject(object.get(name)) : Map.of();
  }

  /// A value that has to be an object.
  ///
  /// @throws IllegalArgumentException if it is something else
  public static Map<String, @Nullable Object> asObject(@Nullable Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException(UNEXPECTED);
    }
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    map.forEach((key, entry) -> object.put(String.valueOf(key), entry));
    return object;
  }

  /// The texts of a property that is a list; empty if there is none.
  ///
  /// @throws IllegalArgumentException if it is something else
  public static List<String> texts(Map<String, @Nullable Object> object, String name) {
    if (!object.containsKey(name)) {
      return List.of();
    }
    if (!(object.get(name) instanceof List<?> list)) {
      throw new IllegalArgumentException(UNEXPECTED);
    }
    List<String> texts = new ArrayList<>();
    for (Object value : list) {
      if (!(value instanceof String text)) {
        throw new IllegalArgumentException(UNEXPECTED);
      }
      texts.add(text);
    }
    return texts;
  }

  private static String write(ObjectWriteContext context, Consumer<JsonGenerator> properties) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(context, text)) {
      json.writeStartObject();
      properties.accept(json);
      json.writeEndObject();
    }
    return text.toString();
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

  // Jackson's own message has several lines and speaks of its settings.
  private static String problem(JacksonException cause) {
    TokenStreamLocation location = cause.getLocation();
    return cause instanceof UnexpectedEndOfInputException || location == null
        ? "it ends too early"
        : "it is not JSON at line %d, column %d"
            .formatted(location.getLineNr(), location.getColumnNr());
  }
}
