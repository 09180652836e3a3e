package dev.tapline.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Checks whether folders and files can be created by creating some: permissions do not tell
/// whether a file system accepts folders, is full or read-only. Removes what it creates.
final class WriteProbe {
  private static final String PREFIX = ".tapline-check-";

  private WriteProbe() {}

  /// Creates a folder, its missing parents and a file in it, and removes them.
  ///
  /// @throws IOException with the reason if it fails
  static void write(Path folder) throws IOException {
    List<Path> missing = missing(folder.toAbsolutePath());
    try {
      DurableFiles.createFolder(folder);
      writeFile(folder);
    } finally {
      for (Path made : missing) {
        // It stays if another process has put something there.
        if (Files.isDirectory(made)) {
          DurableFiles.deleteIfEmpty(made);
        }
      }
    }
  }

  /// Whether this is a file of a probe, left by a killed process.
  static boolean isProbe(Path file) {
    return String.valueOf(file.getFileName()).startsWith(PREFIX) && Workspace.isTemporary(file);
  }

  private static void writeFile(Path folder) throws IOException {
    try {
      Path file = Files.createTempFile(folder, PREFIX, Workspace.TEMPORARY);
      try {
        Files.write(file, new byte[] {'\n'});
      } finally {
        // A concurrent run may have removed it.
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw FileErrors.explain("cannot write a file in", folder, e);
    }
  }

  // Innermost first.
  private static List<Path> missing(Path folder) {
    List<Path> missing = new ArrayList<>();
    Path at = folder;
    while (at != null && !Files.exists(at)) {
      missing.add(at);
      at = at.getParent();
    }
    return missing;
  }
}
