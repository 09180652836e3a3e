package dev.tapline.sink.jsonl;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Takes JSON apart without touching what it finds: fields and elements as they stand, so that
/// tests see each digit. Names and strings are read by Jackson.
public final class RawJson {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private RawJson() {}

  /// The fields of an object, each with its text.
  public static Map<String, String> fields(String object) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String part : parts(object, '{', '}')) {
      int end = endOfString(part, 0);
      if (part.charAt(end) != ':'
          || fields.put(string(part.substring(0, end)), part.substring(end + 1)) != null) {
        throw new AssertionError("not a field, or one that was there before: " + part);
      }
    }
    return fields;
  }

  /// The elements of an array, each as its text.
  public static List<String> elements(String array) {
    return parts(array, '[', ']');
  }

  /// The text that a JSON string stands for.
  public static String string(String json) {
    return MAPPER.readValue(json, String.class);
  }

  private static List<String> parts(String json, char open, char close) {
    if (json.charAt(0) != open || json.charAt(json.length() - 1) != close) {
      throw new AssertionError("not between " + open + " and " + close + ": " + json);
    }
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 1;
    for (int i = 1; i < json.length() - 1; ) {
      char c = json.charAt(i);
      if (c == '"') {
        i = endOfString(json, i);
        continue;
      }
      if (c == '{' || c == '[') {
        depth++;
      } else if (c == '}' || c == ']') {
        depth--;
      } else if (c == ',' && depth == 0) {
        parts.add(json.substring(start, i));
        start = i + 1;
      }
      i++;
    }
    if (json.length() > 2) {
      parts.add(json.substring(start, json.length() - 1));
    }
    return parts;
  }

  private static int endOfString(String json, int start) {
    int i = start + 1;
    while (json.charAt(i) != '"') {
      i += json.charAt(i) == '\\' ? 2 : 1;
    }
    return i + 1;
  }
}
