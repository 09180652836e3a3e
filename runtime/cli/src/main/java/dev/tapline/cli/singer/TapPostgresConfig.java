package dev.tapline.cli.singer;

import dev.tapline.engine.select.NamePattern;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The configuration of Singer's tap-postgres, whose keys stand side by side, as a descriptor has
/// it. Keys that mean nothing here stay where they are, to be told of as unknown.
final class TapPostgresConfig {
  private static final Map<String, String> SOURCE =
      Map.of(
          "host", "host",
          "port", "port",
          "user", "user",
          "password", "password",
          "dbname", "database",
          "database", "database",
          "ssl_mode", "sslmode",
          "replication_slot_name", "slot");

  private TapPostgresConfig() {}

  /// The values, a copy of them where they are no such configuration.
  static Map<String, @Nullable Object> translated(Map<String, @Nullable Object> values) {
    Map<String, @Nullable Object> rest = new LinkedHashMap<>(values);
    if (rest.containsKey("source")
        || Stream.of("host", "dbname", "database").noneMatch(rest::containsKey)) {
      return rest;
    }
    Map<String, @Nullable Object> source = new LinkedHashMap<>();
    source.put("type", "postgres");
    SOURCE.forEach((theirs, ours) -> {
      if (rest.containsKey(theirs)) {
        source.put(ours, rest.remove(theirs));
      }
    });
    // Each on its own: both may be given.
    boolean encrypted = isTrue(rest.remove("ssl"));
    if (isTrue(rest.remove("ssl_enable")) || encrypted) {
      source.putIfAbsent("sslmode", "require");
    }
    List<String> databases = names(rest.remove("filter_dbs"));
    if (!databases.isEmpty()) {
      source.remove("database");
      source.put("databases", databases);
    }
    rest.put("source", source);
    if (rest.containsKey("default_replication_method")) {
      rest.put("method", rest.remove("default_replication_method"));
    }
    List<Map<String, String>> streams = new ArrayList<>();
    for (String schema : names(rest.remove("filter_schemas"))) {
      String all = NamePattern.quoted(schema) + ".*";
      streams.add(Map.of("table", all));
      streams.add(Map.of("view", all));
    }
    if (!streams.isEmpty()) {
      rest.putIfAbsent("streams", streams);
    }
    return rest;
  }

  private static boolean isTrue(@Nullable Object value) {
    return value instanceof String text && text.equalsIgnoreCase("true");
  }

  /// Names with commas between them, or a list of names.
  private static List<String> names(@Nullable Object value) {
    return switch (value) {
      case String text ->
          Arrays.stream(text.split(",", -1))
              .map(String::strip)
              .filter(it -> !it.isEmpty())
              .toList();
      case List<?> list -> list.stream().map(String::valueOf).toList();
      case null, default -> List.of();
    };
  }
}
