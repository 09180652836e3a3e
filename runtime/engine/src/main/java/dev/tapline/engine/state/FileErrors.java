package dev.tapline.engine.state;

import dev.tapline.spi.catalog.Finding;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Says why a file cannot be used. The messages of `java.nio` are often nothing but the path.
public final class FileErrors {
  private FileErrors() {}

  /// What could not be done with a file of the state folder, why, and the remedy.
  ///
  /// @param action what was tried, as in `cannot write the state`
  public static String sentence(String action, Path file, IOException failure) {
    return action + " '" + file + "': " + of(failure) + "; " + remedy(failure);
  }

  private static String remedy(IOException failure) {
    String said = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    if (said.contains("no space left") || said.contains("quota exceeded")) {
      return "free some space there, or set 'state' to a folder on a larger disk";
    }
    if (said.contains("read-only file system")) {
      return "set 'state' to a folder that can be written";
    }
    return "let the user write there, or set 'state' to another folder";
  }

  /// The reason alone, without the path.
  public static String of(IOException failure) {
    return switch (failure) {
      case AccessDeniedException _ -> "permission denied";
      case NoSuchFileException _ -> "there is no such folder";
      case NotDirectoryException _ -> "a file stands where a folder is wanted";
      case FileAlreadyExistsException _ -> "a file stands where a folder is wanted";
      case FileSystemException other when other.getReason() != null -> other.getReason();
      default -> failure.getMessage() == null ? failure.toString() : failure.getMessage();
    };
  }

  /// Whether the state could be written, without writing anything.
  public static Finding check(Path stateFolder) {
    @Nullable Path nearest = stateFolder;
    while (nearest != null && !Files.exists(nearest)) {
      nearest = nearest.getParent();
    }
    if (nearest != null && Files.isDirectory(nearest) && Files.isWritable(nearest)) {
      return Finding.ok("state", stateFolder + " can be written");
    }
    String reason =
        nearest != null && !Files.isDirectory(nearest)
            ? "'" + nearest + "' is a file"
            : "this user may not write to '" + nearest + "'";
    return Finding.error(
        "state",
        stateFolder + " cannot be written: " + reason,
        "let the user write there, or set 'state' to another folder");
  }
}
