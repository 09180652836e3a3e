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

/// What an image was made of. It stands in the image's folder, so that it changes with it.
///
/// @param version the version of the stream
/// @param newest the last of the names of the stream's files
/// @param step the names of the files that were merged last, sorted; none when it was made of a
///   whole version
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
