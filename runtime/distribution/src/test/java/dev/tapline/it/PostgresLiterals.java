package dev.tapline.it;

import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Writes what the sink wrote as JSON back as PostgreSQL's input, by `docs/types.md`: slow, and
/// without any of the product's code.
final class PostgresLiterals {
  private static final Pattern ISO_DATE = Pattern.compile("([+-]?)(\\d{4,})(-\\d\\d-\\d\\d.*)");

  private PostgresLiterals() {}

  static String of(JsonNode value, String type) {
    if (value.isArray()) {
      StringBuilder array = new StringBuilder("{");
      for (JsonNode element : value) {
        array.append(array.length() == 1 ? "" : ",");
        if (element.isArray()) {
          array.append(of(element, type));
        } else if (element.isNull()) {
          array.append("NULL");
        } else {
          array
              .append('"')
              .append(of(element, elementOf(type)).replace("\\", "\\\\").replace("\"", "\\\""))
              .append('"');
        }
      }
      return array.append('}').toString();
    }
    if (value.isObject()) {
      return value.toString();
    }
    String text = value.asString();
    return switch (type) {
      case "bytea" -> "\\x" + HexFormat.of().formatHex(Base64.getDecoder().decode(text));
      case "date", "timestamp", "timestamptz" -> year(text);
      default -> text;
    };
  }

  private static String elementOf(String type) {
    return type.endsWith("[]") ? type.substring(0, type.length() - 2) : type;
  }

  // ISO 8601 has a year 0, which is 1 BC.
  private static String year(String text) {
    Matcher matcher = ISO_DATE.matcher(text);
    if (!matcher.matches()) {
      return text;
    }
    long year = Long.parseLong(matcher.group(2)) * (matcher.group(1).equals("-") ? -1 : 1);
    return year > 0
        ? "%04d%s".formatted(year, matcher.group(3))
        : "%04d%s BC".formatted(1 - year, matcher.group(3));
  }
}
