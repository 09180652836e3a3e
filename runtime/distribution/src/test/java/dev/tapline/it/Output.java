package dev.tapline.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads what the sink wrote, with a parser that is not the sink's.
final class Output {
  static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNumberLength(200_000)
                          .maxStringLength(100_000_000)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Output() {}

  /// Every row of a destination's folder, in the order of the files' names.
  static List<JsonNode> rows(Path out, String destination) throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    for (Path file : files(out.resolve(destination))) {
      try (BufferedReader lines = Files.newBufferedReader(file)) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          rows.add(JSON.readTree(line));
        }
      }
    }
    return rows;
  }

  /// The files of a folder that people see, in the order of their names: not those whose name
  /// begins with a dot, of which a kill between a folder's exchange and its tidying leaves one.
  static List<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> !file.getFileName().toString().startsWith(".")).sorted().toList();
    }
  }

  /// Whatever under `folder` is a leftover: temporary files, or staged ones.
  static List<Path> leftovers(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file ->
              file.getFileName().toString().endsWith(".tmp")
                  || (file.toString().contains("/.tapline/")
                      && !file.getFileName().toString().endsWith(".json")))
          .toList();
    }
  }
}
