package dev.tapline.cli.descriptor;

import dev.tapline.cli.logging.Secrets;
import dev.tapline.spi.config.ConfigKey;
import dev.tapline.spi.config.ConfigProblem;
import dev.tapline.spi.config.ConfigSpec;
import dev.tapline.spi.config.ConfigType;
import dev.tapline.spi.config.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Attaches its origin to each secret of a descriptor, so that a login gets the value as it is
/// then: a file is read again, and a command is run.
final class SecretOrigins {
  /// The key below a secret's that holds a command.
  static final String COMMAND = "command";

  private final YamlDocument yaml;
  private final Path folder;
  private final Consumer<ConfigProblem> problems;

  SecretOrigins(YamlDocument yaml, Path folder, Consumer<ConfigProblem> problems) {
    this.yaml = yaml;
    this.folder = folder;
    this.problems = problems;
  }

  /// The values with such secrets in place of what the descriptor says.
  Map<String, @Nullable Object> of(
      ConfigSpec spec, Map<String, @Nullable Object> values, List<String> path) {
    Map<String, @Nullable Object> result = new LinkedHashMap<>(values);
    for (ConfigKey<?> key : spec.keys()) {
      @Nullable Object value = values.get(key.name());
      List<String> keyPath = YamlDocument.child(path, key.name());
      if (key.type() == ConfigType.SECRET) {
        if (value instanceof String text && yaml.mayChange(keyPath)) {
          result.put(key.name(), Secret.from(text, () -> again(keyPath)));
        } else if (value instanceof Map<?, ?> map) {
          result.put(key.name(), command(key, map, keyPath));
        }
      } else if (value != null && key.section().isPresent()) {
        result.put(key.name(), sections(key.section().get(), value, keyPath));
      }
    }
    return result;
  }

  private Object sections(ConfigSpec spec, Object value, List<String> path) {
    if (value instanceof Map<?, ?> section) {
      return of(spec, named(section), path);
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> result = new ArrayList<>();
      for (int i = 0; i < list.size(); i++) {
        @Nullable Object entry = list.get(i);
        result.add(
            entry instanceof Map<?, ?> section
                ? of(spec, named(section), YamlDocument.child(path, String.valueOf(i)))
                : entry);
      }
      return result;
    }
    return value;
  }

  private static Map<String, @Nullable Object> named(Map<?, ?> section) {
    Map<String, @Nullable Object> named = new LinkedHashMap<>();
    section.forEach((name, value) -> named.put(String.valueOf(name), value));
    return named;
  }

  private String again(List<String> path) throws IOException {
    List<String> found = new ArrayList<>();
    String value = yaml.again(path, found::add);
    if (!found.isEmpty()) {
      throw new IOException("'%s': %s".formatted(path.getLast(), String.join("; ", found)));
    }
    Secrets.add(value);
    SecretValues.registerUrls(value);
    return value;
  }

  private Secret command(ConfigKey<?> key, Map<?, ?> map, List<String> path) {
    List<String> words = new ArrayList<>();
    if (map.size() == 1 && map.get(COMMAND) instanceof List<?> list) {
      list.forEach(word -> words.add(String.valueOf(word)));
    }
    if (words.isEmpty() || words.getFirst().isBlank()) {
      problems.accept(
          new ConfigProblem(
              path,
              "'%s' is a text, or a command with its arguments, as in {command: [/usr/local/bin/token, shop]}"
                  .formatted(key.name())));
      return new Secret("");
    }
    if (words.getFirst().startsWith("~/") || words.getFirst().startsWith("./")) {
      words.set(0, VariableReferences.expand(words.getFirst(), folder).toString());
    }
    return Secret.from(new CommandOutput(key.name(), words, folder));
  }
}
