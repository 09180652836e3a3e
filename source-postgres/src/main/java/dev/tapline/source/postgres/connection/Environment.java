package dev.tapline.source.postgres.connection;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// What the conventions of libpq depend on beyond the descriptor.
///
/// @param environment the variables
/// @param home the user's home folder
public record Environment(Map<String, String> environment, Path home) {
  public Environment {
    environment = Map.copyOf(environment);
  }

  /// Those of this process.
  public static Environment ofProcess() {
    return new Environment(System.getenv(), Path.of(System.getProperty("user.home", ".")));
  }

  /// A variable that is set and not empty.
  public Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }
}
