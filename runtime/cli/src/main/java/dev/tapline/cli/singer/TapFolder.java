package dev.tapline.cli.singer;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// What a tap writes for itself while it runs: whoever runs taps keeps no folder for it.
///
/// @param path the folder
/// @param noState a file with the state of no stream, for when none is given
public record TapFolder(Path path, Path noState) implements Closeable {
  public static TapFolder create() throws IOException {
    Path folder = Files.createTempDirectory("tapline-tap");
    return new TapFolder(folder, Files.writeString(folder.resolve("state.json"), "{}"));
  }

  @Override
  public void close() throws IOException {
    if (!Files.exists(path)) {
      return; // by whoever keeps temporary folders clean
    }
    List<Path> files;
    try (Stream<Path> all = Files.walk(path)) {
      files = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }
}
