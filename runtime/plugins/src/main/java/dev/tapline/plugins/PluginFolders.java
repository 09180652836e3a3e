package dev.tapline.plugins;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Finds the jars of each plug-in below a `plugins` folder: `x.jar` is one, and `x/*.jar` is one.
final class PluginFolders {
  private PluginFolders() {}

  /// A plug-in before anything was read of it.
  ///
  /// @param location the jar, or the folder of jars
  /// @param jars the jars, sorted; none for a folder without
  record Candidate(Path location, List<Path> jars) {}

  /// @param folder a folder that need not be there
  static List<Candidate> candidates(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Candidate> candidates = new ArrayList<>();
    for (Path entry : sorted(folder)) {
      if (Files.isDirectory(entry)) {
        candidates.add(
            new Candidate(entry, sorted(entry).stream().filter(PluginFolders::isJar).toList()));
      } else if (isJar(entry)) {
        candidates.add(new Candidate(entry, List.of(entry)));
      }
    }
    return candidates;
  }

  private static List<Path> sorted(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(entry -> !entry.getFileName().toString().startsWith("."))
          .sorted()
          .toList();
    }
  }

  private static boolean isJar(Path file) {
    return file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".jar")
        && Files.isRegularFile(file);
  }
}
