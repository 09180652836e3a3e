package dev.tapline.source.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A table of the documentation.
public final class DocumentedTable {
  private DocumentedTable() {}

  /// The rows below a header.
  ///
  /// @param file its name in `docs`
  public static List<String> rows(String file, String header) throws IOException {
    List<String> lines = Files.readAllLines(Path.of("..", "docs", file));
    int line = lines.indexOf(header);
    if (line < 0) {
      throw new AssertionError(file + " has no table " + header);
    }
    return lines.subList(line + 2, lines.size()).stream()
        .takeWhile(row -> row.startsWith("|"))
        .toList();
  }
}
