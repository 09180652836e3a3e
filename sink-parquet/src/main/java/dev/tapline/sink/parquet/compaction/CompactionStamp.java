package dev.tapline.sink.parquet.compaction;

import dev.tapline.files.DurableFiles;
import dev.tapline.files.FileErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Says what a compacted folder contains. It is a file in that folder, so that both are replaced in
/// one step.
///
/// @param version the version of the stream
/// @param newest the last name of the stream's files
/// @param step the sorted names of the files merged last; empty if a whole version was compacted
record CompactionStamp(long version, String newest, List<String> step) {
  static final String FILE = ".merged";

  CompactionStamp {
    step = List.copyOf(step);
  }

  static Optional<CompactionStamp> read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    try {
      List<String> lines = Files.readAllLines(file);
      return lines.size() < 2
          ? Optional.empty()
          : Optional.of(
              new CompactionStamp(
                  Long.parseLong(lines.get(0)), lines.get(1), lines.subList(2, lines.size())));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (NumberFormatException e) {
      throw new IOException(
          "the file %s cannot be understood; remove the folder it is in, to have it made anew"
              .formatted(file),
          e);
    } catch (IOException e) {
      throw FileErrors.explain("cannot read", file, e);
    }
  }

  void write(Path folder) throws IOException {
    List<String> lines = new ArrayList<>(List.of(Long.toString(version), newest));
    lines.addAll(step);
    DurableFiles.replace(folder.resolve(FILE), String.join("\n", lines) + "\n");
  }
}
