package dev.tapline.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The distribution with a driver that a user has put into the plug-in's folder.
final class DroppedDriver {
  private DroppedDriver() {}

  /// Makes such a distribution in `folder`; everything else of it is the one that was built.
  ///
  /// @param artifact the beginning of the jar's name, which is on the tests' class path
  static Path folder(Path folder, String artifact) throws IOException {
    Path home = Files.createDirectory(folder.resolve("home"));
    for (String part : List.of("bin", "jvm", "examples")) {
      Files.createSymbolicLink(home.resolve(part), Distribution.HOME.resolve(part));
    }
    Files.createSymbolicLink(home.resolve("lib"), Distribution.HOME.resolve("lib"));
    Path plugins = Files.createDirectory(home.resolve("plugins"));
    try (Stream<Path> built = Files.list(Distribution.HOME.resolve("plugins"))) {
      for (Path plugin : built.toList()) {
        if (!plugin.endsWith("jdbc")) {
          Files.createSymbolicLink(plugins.resolve(plugin.getFileName()), plugin);
        }
      }
    }
    Path jdbc = Files.createDirectory(plugins.resolve("jdbc"));
    try (Stream<Path> jars = Files.list(Distribution.HOME.resolve("plugins/jdbc"))) {
      for (Path jar : jars.toList()) {
        Files.createSymbolicLink(jdbc.resolve(jar.getFileName()), jar);
      }
    }
    Path driver =
        Arrays.stream(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
            .map(Path::of)
            .filter(jar -> jar.getFileName().toString().startsWith(artifact))
            .findFirst()
            .orElseThrow();
    Files.createSymbolicLink(jdbc.resolve(driver.getFileName()), driver);
    return home;
  }
}
