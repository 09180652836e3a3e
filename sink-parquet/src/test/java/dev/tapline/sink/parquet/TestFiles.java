package dev.tapline.sink.parquet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Data files below a folder.
final class TestFiles {
  private TestFiles() {}

  /// In the order of their names; none when there is no folder.
  static List<Path> in(Path folder, String extension) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(extension)).sorted().toList();
    }
  }
}
