package dev.tapline.engine.state;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Makes the entries of a folder durable.
final class DirectorySync {
  private DirectorySync() {}

  /// Forces the folder of a file to the disk, so that its entry survives a crash of the machine.
  static void force(Path file) throws IOException {
    try (FileChannel folder =
        FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }
}
