package dev.tapline.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// An operating system and a processor.
///
/// @param system `linux` or `darwin`, or what the JVM calls another one
/// @param processor `x86_64` or `arm_64`, or what the JVM calls another one
record Platform(String system, String processor) {

  static Platform current() {
    return of(System.getProperty("os.name"), System.getProperty("os.arch"));
  }

  /// @param name the JVM's `os.name`
  /// @param architecture the JVM's `os.arch`
  static Platform of(String name, String architecture) {
    String system = name.toLowerCase(Locale.ROOT);
    return new Platform(
        system.startsWith("mac") ? "darwin" : system,
        switch (architecture) {
          case "amd64", "x86_64" -> "x86_64";
          case "aarch64" -> "arm_64";
          default -> architecture;
        });
  }

  /// The archive of the server for this platform.
  Path archive(Path folder) throws IOException {
    Path archive = folder.resolve("postgres-" + system + "-" + processor + ".txz");
    if (!Files.isRegularFile(archive)) {
      throw new IOException(
          "this distribution holds no PostgreSQL server for %s on %s ('%s' is missing), so there is no demo here; 'runtime run' works with a server of yours"
              .formatted(system, processor, archive));
    }
    return archive;
  }
}
