package dev.tapline.boot;

import java.nio.file.Path;

/// The runtime, as the launcher sees it: provided by the module `dev.tapline.cli`.
public interface Application {
  /// Runs one command to its end.
  ///
  /// @param home the folder of the distribution
  /// @param boot the launcher, for what only the boot layer may do
  /// @param arguments the command line
  /// @return the exit code
  int run(Path home, Launcher boot, String[] arguments);
}
