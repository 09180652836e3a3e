package dev.tapline.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Tries whether folders and files can be made, by making some: permissions alone do not tell, as
/// there are file systems that take no folders, and full or read-only ones. Nothing of it stays.
final class WriteProbe {
  private static final String PREFIX = ".tapline-check-";

  private WriteProbe() {}

  /// Makes a folder, those above it that are missing, and a file in it, and removes them.
  ///
  /// @throws IOException with the reason why it cannot be done
  static void write(Path folder) throws IOException {
    List<Path> missing = missing(folder.toAbsolutePath());
    try {
      DurableFiles.createFolder(folder);
      writeFile(folder);
    } finally {
      for (Path made : missing) {
        // What another process has put there meanwhile keeps it.
        if (Files.isDirectory(made)) {
          DurableFiles.deleteIfEmpty(made);
        }
      }
    }
  }

  /// Whether this is a file of a probe: one that a killed process has left.
  static boolean isProbe(Path file) {
    return String.valueOf(file.getFileName()).startsWith(PREFIX) && Workspace.isTemporary(file);
  }

  private static void writeFile(Path folder) throws IOException {
    try {
      Path file = Files.createTempFile(folder, PREFIX, Workspace.TEMPORARY);
      try {
        Files.write(file, new byte[] {'\n'});
      } finally {
        // A run that begins meanwhile may have swept it away.
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw FileErrors.explain("cannot write a file in", folder, e);
    }
  }

  // The innermost first.
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
