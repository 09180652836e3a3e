package dev.tapline.spi.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Turns the plain values of a descriptor into those that a key's type promises.
final class ConfigParser {
  private final Path folder;
  private final Consumer<ConfigProblem> problems;

  ConfigParser(Path folder, Consumer<ConfigProblem> problems) {
    this.folder = folder;
    this.problems = problems;
  }

  void parse(
      ConfigKey<?> key, @Nullable Object value, List<String> path, Map<String, Object> into) {
    if (value == null) {
      problem(path, "'" + key.name() + "' has no value");
      return;
    }
    try {
      parsed(key, value, path).ifPresent(result -> into.put(key.name(), result));
    } catch (IllegalArgumentException e) {
      problem(path, "'" + key.name() + "': " + e.getMessage());
    }
  }

  private Optional<Object> parsed(ConfigKey<?> key, Object value, List<String> path) {
    if (key.isSecret() && value instanceof Secret secret) {
      // One that knows where to look for a new value.
      return Optional.of(secret);
    }
    return switch (key.type()) {
      case STRINGS -> Optional.of(strings(value));
      case MAP -> Optional.of(map(value));
      case SECTION -> section(key, value, path).map(config -> config);
      case SECTIONS -> Optional.of(sections(key, value, path));
      default -> Optional.of(ConfigText.read(key, scalar(value, key.type().label()), folder));
    };
  }

  private static String scalar(Object value, String wanted) {
    if (value instanceof Map || value instanceof List) {
      throw new IllegalArgumentException(
          "a " + wanted + " is wanted here, not a " + (value instanceof Map ? "map" : "list"));
    }
    return value.toString();
  }

  private static List<String> strings(Object value) {
    if (!(value instanceof List<?> list)) {
      return List.of(scalar(value, ConfigType.STRINGS.label()));
    }
    List<String> result = new ArrayList<>();
    for (Object element : list) {
      if (element == null) {
        throw new IllegalArgumentException("an entry of the list is empty");
      }
      result.add(scalar(element, "text"));
    }
    return List.copyOf(result);
  }

  private static Map<String, String> map(Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException("a map is wanted here, as in {name: text}");
    }
    Map<String, String> result = new LinkedHashMap<>();
    map.forEach((name, element) ->
        result.put(String.valueOf(name), element == null ? "" : scalar(element, "text")));
    return java.util.Collections.unmodifiableMap(result);
  }

  private Optional<Config> section(ConfigKey<?> key, Object value, List<String> path) {
    if (!(value instanceof Map<?, ?> map)) {
      problem(path, "'" + key.name() + "' wants keys of its own below it");
      return Optional.empty();
    }
    Map<String, Object> values = new LinkedHashMap<>();
    map.forEach((name, element) -> values.put(String.valueOf(name), element));
    return key.section()
        .map(spec ->
            spec.parse(
                values,
                folder,
                found ->
                    problem(
                        Stream.concat(path.stream(), found.path().stream()).toList(),
                        found.message())));
  }

  private List<Config> sections(ConfigKey<?> key, Object value, List<String> path) {
    if (!(value instanceof List<?> list)) {
      throw new IllegalArgumentException("a list is wanted here, each entry begun by '- '");
    }
    List<Config> result = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      List<String> entryPath = Stream.concat(path.stream(), Stream.of(String.valueOf(i))).toList();
      Object entry = list.get(i);
      if (entry == null) {
        problem(entryPath, "an entry of '" + key.name() + "' is empty");
      } else if (!(entry instanceof Map)) {
        problem(
            entryPath,
            "an entry of '%s' has keys; write '- %s: %s'"
                .formatted(
                    key.name(),
                    key.section().map(spec -> spec.names().getFirst()).orElse("key"),
                    entry));
      } else {
        section(key, entry, entryPath).ifPresent(result::add);
      }
    }
    return List.copyOf(result);
  }

  private void problem(List<String> path, String message) {
    problems.accept(new ConfigProblem(path, message));
  }
}
