package dev.tapline.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A reader of files that has nothing to do with this project.
interface ReadBack extends AutoCloseable {
  /// A row of a sample's table.
  ///
  /// @param literal the value, as the server takes it in text
  record Row(int id, @Nullable String literal) {}

  /// The rows in a folder of files.
  List<Row> rows(Path folder) throws Exception;

  @Override
  default void close() throws SQLException {}

  /// The data files in a folder.
  static List<Path> files(Path folder, String extension) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(extension)).sorted().toList();
    }
  }
}
