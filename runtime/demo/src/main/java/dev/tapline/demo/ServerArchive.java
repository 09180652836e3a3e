package dev.tapline.demo;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.tukaani.xz.XZInputStream;

/// The archive with a server's programs: a tar file, compressed with xz.
///
/// It is one known archive, of plain files, folders and symbolic links with short names. For that a
/// library with three of its own would be loaded with every command of the runtime; whatever else
/// an archive might hold is refused.
final class ServerArchive {
  private static final int BLOCK = 512;
  private static final int NAME = 0;
  private static final int NAME_LENGTH = 100;
  private static final int MODE = 100;
  private static final int MODE_LENGTH = 8;
  private static final int SIZE = 124;
  private static final int SIZE_LENGTH = 12;
  private static final int KIND = 156;
  private static final int TARGET = 157;
  private static final int EXECUTABLE = 0100;
  private static final Set<PosixFilePermission> FOR_RUNNING =
      PosixFilePermissions.fromString("rwxr-xr-x");
  private static final Set<PosixFilePermission> FOR_READING =
      PosixFilePermissions.fromString("rw-r--r--");

  private final InputStream tar;
  private final Path target;
  private final byte[] header = new byte[BLOCK];

  private ServerArchive(InputStream tar, Path target) {
    this.tar = tar;
    this.target = target;
  }

  /// Unpacks into a folder, which is made. Everyone may read what is in it, and run its programs.
  static void unpack(Path archive, Path target) throws IOException, InterruptedException {
    folder(target);
    try (InputStream tar =
        new XZInputStream(new BufferedInputStream(Files.newInputStream(archive)))) {
      new ServerArchive(tar, target).entries();
    } catch (IOException e) {
      throw new IOException("cannot unpack '" + archive + "': " + e.getMessage(), e);
    }
  }

  private void entries() throws IOException, InterruptedException {
    while (tar.readNBytes(header, 0, BLOCK) == BLOCK && header[0] != 0) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      entry();
    }
  }

  private void entry() throws IOException {
    String name = text(NAME, NAME_LENGTH);
    Path path = inside(target.resolve(name));
    switch (header[KIND]) {
      case '0' -> file(path);
      case '2' -> {
        Path link = Path.of(text(TARGET, NAME_LENGTH));
        inside(path.resolveSibling(link));
        Files.createSymbolicLink(path, link);
      }
      case '5' -> folder(path);
      default ->
          throw new IOException("entry '%s' is of kind %c".formatted(name, (char) header[KIND]));
    }
  }

  private void file(Path path) throws IOException {
    long size = octal(SIZE, SIZE_LENGTH);
    boolean executable = (octal(MODE, MODE_LENGTH) & EXECUTABLE) != 0;
    folder(inside(path.resolveSibling(".")));
    try (OutputStream out = Files.newOutputStream(path)) {
      byte[] buffer = new byte[1 << 16];
      for (long left = size; left > 0; ) {
        int read = tar.read(buffer, 0, (int) Math.min(left, buffer.length));
        if (read < 0) {
          throw new EOFException("it ends within '" + path.getFileName() + "'");
        }
        out.write(buffer, 0, read);
        left -= read;
      }
    }
    Files.setPosixFilePermissions(path, executable ? FOR_RUNNING : FOR_READING);
    tar.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
  }

  private static void folder(Path path) throws IOException {
    Files.createDirectories(path);
    Files.setPosixFilePermissions(path, FOR_RUNNING);
  }

  private Path inside(Path path) throws IOException {
    Path normal = path.normalize();
    if (!normal.startsWith(target)) {
      throw new IOException("entry '" + path + "' is outside of the folder");
    }
    return normal;
  }

  private long octal(int from, int length) throws IOException {
    String digits = text(from, length).strip();
    try {
      return Long.parseLong(digits, 8);
    } catch (NumberFormatException e) {
      throw new IOException("'" + digits + "' is not an octal number", e);
    }
  }

  private String text(int from, int length) {
    int end = from;
    while (end < from + length && header[end] != 0) {
      end++;
    }
    return new String(header, from, end - from, StandardCharsets.UTF_8);
  }
}
