package dev.tapline.sink.jsonl;

import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Decimal;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.Temporals;
import dev.tapline.testkit.Canonical;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/// Reads what the sink has written back into the kit's form, by `java.time` and Jackson.
public final class CanonicalRows {
  // PostgreSQL's numbers have up to 131,072 digits before the point; Jackson stops at 1,000 unless
  // told.
  private static final JsonMapper STRICT =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNumberLength(200_000).build())
                  .build())
          .build();
  private static final Pattern BOUNDED = Pattern.compile("\\[(-?\\d+):(-?\\d+)]=\\{(.*)}");

  private CanonicalRows() {}

  /// One line's columns, without the metadata.
  public static Map<String, @Nullable Object> row(String line, Schema schema) {
    STRICT.readTree(line);
    Map<String, String> raw = RawJson.fields(line);
    List<String> nullDocuments =
        RawJson.elements(raw.getOrDefault("_json_null", "[]")).stream()
            .map(RawJson::string)
            .toList();
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    for (Field field : schema.fields()) {
      String value = raw.get(field.name());
      if (value != null) {
        boolean document = nullDocuments.contains(field.name());
        row.put(field.name(), document ? "null" : value(value, field.type()));
      }
    }
    return row;
  }

  private static @Nullable Object value(String raw, DataType type) {
    if (raw.equals("null")) {
      return null;
    }
    return switch (type) {
      case Decimal decimal -> raw.startsWith("\"") ? RawJson.string(raw) : raw;
      case DataType.Enumeration words -> RawJson.string(raw);
      case DataType.ListOf list ->
          raw.startsWith("\"") ? bounded(RawJson.string(raw)) : elements(raw, list.element());
      case Scalar scalar -> value(raw, scalar);
    };
  }

  private static String value(String raw, Scalar type) {
    return switch (type) {
      case BOOLEAN, INT16, INT32, INT64 -> raw;
      case FLOAT32 -> Float.toString(Float.parseFloat(unquoted(raw)));
      case FLOAT64 -> Double.toString(Double.parseDouble(unquoted(raw)));
      case JSON -> Canonical.json(raw);
      case TEXT, OPAQUE, UUID -> RawJson.string(raw);
      case BYTES -> HexFormat.of().formatHex(Base64.getDecoder().decode(RawJson.string(raw)));
      case DATE, TIME, TIMESTAMP, TIMESTAMP_TZ -> temporal(RawJson.string(raw), type);
    };
  }

  private static String unquoted(String raw) {
    return raw.startsWith("\"") ? RawJson.string(raw) : raw;
  }

  private static String temporal(String text, Scalar type) {
    if (text.endsWith("infinity")) {
      return text;
    }
    return String.valueOf(
        switch (type) {
          case DATE -> LocalDate.parse(text).toEpochDay();
          case TIME ->
              text.equals("24:00:00.000000")
                  ? 86_400_000_000L
                  : LocalTime.parse(text).toNanoOfDay() / 1000;
          case TIMESTAMP -> Temporals.micros(LocalDateTime.parse(text));
          default -> Temporals.micros(Instant.parse(text));
        });
  }

  private static List<@Nullable Object> elements(String raw, DataType element) {
    List<@Nullable Object> list = new ArrayList<>();
    for (String part : RawJson.elements(raw)) {
      list.add(part.startsWith("[") ? elements(part, element) : value(part, element));
    }
    return list;
  }

  private static List<Object> bounded(String text) {
    Matcher matcher = BOUNDED.matcher(text);
    if (!matcher.matches()) {
      throw new AssertionError("not a list with bounds: " + text);
    }
    List<@Nullable String> elements =
        Arrays.stream(matcher.group(3).split(","))
            .<@Nullable String>map(element -> element.equals("NULL") ? null : element)
            .toList();
    return Canonical.bounded(List.of(Integer.parseInt(matcher.group(1))), elements);
  }
}
