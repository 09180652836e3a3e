package dev.tapline.spi.config;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// The keys that a section of a descriptor may hold, in the order in which to show them.
///
/// @param keys the keys, with names that differ
public record ConfigSpec(List<ConfigKey<?>> keys) {
  // As many as a message can list.
  private static final int FEW = 12;

  /// Copies the keys.
  ///
  /// @throws IllegalArgumentException if two keys have one name
  public ConfigSpec {
    keys = List.copyOf(keys);
    Set<String> names = new HashSet<>();
    for (ConfigKey<?> key : keys) {
      if (!names.add(key.name())) {
        throw new IllegalArgumentException("the key '" + key.name() + "' is declared twice");
      }
    }
  }

  /// A section of the given keys.
  public static ConfigSpec of(ConfigKey<?>... keys) {
    return new ConfigSpec(List.of(keys));
  }

  /// The names of the keys.
  public List<String> names() {
    return keys.stream().<String>map(ConfigKey::name).toList();
  }

  /// Turns what a descriptor says into typed values. All that is wrong is reported, not only the
  /// first; a key with a problem is absent from the result.
  ///
  /// @param values what the section holds: text, [Long], [Boolean], [Double], lists and maps of
  ///   these
  /// @param folder what relative paths are relative to
  /// @param problems is given each problem, in the order of the text
  public Config parse(Map<String, ?> values, Path folder, Consumer<ConfigProblem> problems) {
    Map<String, Object> parsed = new HashMap<>();
    Map<String, ConfigKey<?>> byName = new HashMap<>();
    keys.forEach(key -> byName.put(key.name(), key));
    Set<String> meant = new HashSet<>();
    values.forEach((name, value) -> {
      ConfigKey<?> key = byName.get(name);
      if (key == null) {
        problems.accept(
            new ConfigProblem(List.of(name), "unknown key '" + name + "'" + hint(name, meant)));
      } else {
        new ConfigParser(folder, problems).parse(key, value, List.of(name), parsed);
      }
    });
    for (ConfigKey<?> key : keys) {
      if (key.isRequired() && !values.containsKey(key.name()) && !meant.contains(key.name())) {
        problems.accept(
            new ConfigProblem(List.of(), "the key '" + key.name() + "' is missing" + meaning(key)));
      }
    }
    return new Config(parsed);
  }

  // The end of a sentence, beside which the key that is meant is not told to be missing.
  private String hint(String name, Set<String> meant) {
    String word = name.toLowerCase(Locale.ROOT).replace('_', '-');
    Optional<String> other =
        keys.stream()
            .filter(key -> key.otherNames().contains(word))
            .map(ConfigKey::name)
            .findFirst();
    other.or(() -> Nearest.of(name, names())).ifPresent(meant::add);
    String hint =
        other.map(found -> "; use '" + found + "'").orElseGet(() -> Nearest.hint(name, names()));
    return hint.isEmpty() && keys.size() <= FEW ? "; there is " + String.join(", ", names()) : hint;
  }

  private static String meaning(ConfigKey<?> key) {
    int end = key.doc().indexOf(". ");
    String first = end < 0 ? key.doc() : key.doc().substring(0, end);
    return first.isEmpty()
        ? ""
        : ": "
            + first.substring(0, 1).toLowerCase(Locale.ROOT)
            + first.substring(1).replaceFirst("\\.$", "");
  }
}
