package dev.tapline.spi.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Collectors;

/// The values of a section, read by the keys that declare them. Immutable.
public final class Config {
  private final Map<String, Object> values;

  Config(Map<String, Object> values) {
    this.values = Map.copyOf(values);
  }

  /// Values that need no descriptor, for tests and for code that embeds a plug-in.
  ///
  /// @param spec the keys
  /// @param values as in [ConfigSpec#parse]
  /// @throws IllegalArgumentException that lists everything that is wrong
  public static Config of(ConfigSpec spec, Map<String, ?> values) {
    List<ConfigProblem> problems = new ArrayList<>();
    Config config = spec.parse(values, Path.of(""), problems::add);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          problems.stream().map(ConfigProblem::message).collect(Collectors.joining("; ")));
    }
    return config;
  }

  /// The value of a key that is required or has a default.
  ///
  /// @throws NoSuchElementException if the key is neither, and was not given: use [#find]
  public <T> T get(ConfigKey<T> key) {
    return find(key)
        .orElseThrow(() -> new NoSuchElementException("no value for '" + key.name() + "'"));
  }

  /// The value of a key, or its default, if there is either.
  public <T> Optional<T> find(ConfigKey<T> key) {
    Object value = values.get(key.name());
    if (value == null) {
      return key.defaultValue();
    }
    // The only way into `values` is ConfigParser, which makes what the key's type promises.
    @SuppressWarnings("unchecked")
    T typed = (T) value;
    return Optional.of(typed);
  }

  /// Whether the descriptor gave the key itself.
  public boolean has(ConfigKey<?> key) {
    return values.containsKey(key.name());
  }

  /// The values that were given; secrets stay secret.
  @Override
  public String toString() {
    return values.toString();
  }
}
