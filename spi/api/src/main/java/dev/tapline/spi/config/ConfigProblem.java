package dev.tapline.spi.config;

import java.util.List;

/// One thing that is wrong in a configuration.
///
/// @param path where: names of keys and, in lists, indexes from 0, from the section that was parsed
///   down to the value, as in `["columns", "exclude", "0"]`
/// @param message what is wrong and what would be right, as one sentence without a final full stop
public record ConfigProblem(List<String> path, String message) {
  /// Copies the path.
  public ConfigProblem {
    path = List.copyOf(path);
  }

  /// A problem with the value of one key of the section.
  public ConfigProblem(ConfigKey<?> key, String message) {
    this(List.of(key.name()), message);
  }
}
