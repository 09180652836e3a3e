package dev.tapline.source.postgres.connect;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// What libpq's conventions look at beyond the descriptor.
///
/// @param environment the variables
/// @param home the user's home folder
public record Surroundings(Map<String, String> environment, Path home) {
  /// Copies the map.
  public Surroundings {
    environment = Map.copyOf(environment);
  }

  /// Those of this process.
  public static Surroundings ofProcess() {
    return new Surroundings(System.getenv(), Path.of(System.getProperty("user.home", ".")));
  }

  /// A variable that is set and not empty.
  Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }
}
