package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;

/// Looks whether a command has written a password: to its outputs, which are files of its folder,
/// to its log, report, state or ledger, or to a file that it has made. Every password of a test
/// that starts the distribution has [#MARK] in it; no row has.
final class Passwords {
  static final String MARK = "sesame";

  /// Files that are larger hold rows.
  private static final long LARGEST = 8 << 20;

  private final Path folder;
  private final Map<Path, FileTime> before;

  private Passwords(Path folder, Map<Path, FileTime> before) {
    this.folder = folder;
    this.before = before;
  }

  /// Remembers what a test has written itself.
  static Passwords before(Path folder) throws IOException {
    return new Passwords(folder, files(folder));
  }

  /// Fails if a file that was written since has a password in it.
  void requireNone() throws IOException {
    for (Map.Entry<Path, FileTime> file : files(folder).entrySet()) {
      Path path = file.getKey();
      if (!file.getValue().equals(before.get(path)) && Files.size(path) <= LARGEST) {
        String text = Files.readString(path, StandardCharsets.ISO_8859_1);
        assertThat(text.contains(MARK)).as("a password in %s:\n%s", path, text).isFalse();
      }
    }
  }

  private static Map<Path, FileTime> files(Path folder) throws IOException {
    Map<Path, FileTime> files = new HashMap<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
              files.put(file, attributes.lastModifiedTime());
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException reason) {
            // Something that goes on beside the command has removed it.
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }
}
