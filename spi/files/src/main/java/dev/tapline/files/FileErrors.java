package dev.tapline.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;

/// Explains errors of the file system: names the file, the reason and the remedy.
public final class FileErrors {
  private FileErrors() {}

  /// @param action the action that failed, as in `cannot write`
  public static IOException explain(String action, Path file, IOException cause) {
    return new IOException(action + " " + file + ": " + reason(cause), cause);
  }

  /// The error for a folder that cannot be created although its parent exists.
  static IOException noFolderTaken(Path folder, NoSuchFileException cause) {
    Path parent = folder.toAbsolutePath().getParent();
    return parent == null || !Files.isDirectory(parent)
        ? explain("cannot make the folder", folder, cause)
        : new IOException(
            ("cannot make the folder %s: the system answers 'no such file or directory' although %s is"
                    + " there, so its file system takes no new folders; set sink.path to another folder")
                .formatted(folder, parent),
            cause);
  }

  private static String reason(IOException cause) {
    String message = String.valueOf(cause.getMessage());
    String words = message.toLowerCase(Locale.ROOT);
    if (words.contains("no space left") || words.contains("disk quota exceeded")) {
      return "no space left on the device; free some space, or set sink.path to a larger one";
    }
    if (words.contains("read-only file system")) {
      return "the file system is read-only; set sink.path to one that can be written";
    }
    return switch (cause) {
      case AccessDeniedException denied ->
          "permission denied; let this user write there, or set sink.path to another folder";
      case NoSuchFileException missing ->
          "it is gone: was the folder removed while the run went on?";
      case NotDirectoryException file -> "it is a file and not a folder; set sink.path to a folder";
      case FileAlreadyExistsException file ->
          "there is a file of that name already; remove it, or set sink.path to another folder";
      case FileSystemException other when other.getReason() != null -> other.getReason();
      default -> message;
    };
  }
}
