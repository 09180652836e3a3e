package dev.tapline.files;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The paths below the sink's path:
///
/// ```
/// orders/                                    the data that people see (layout: folder)
/// orders.jsonl                               the same (layout: file)
/// .tapline/shop.json                         the marker of the pipeline 'shop'
/// .tapline/work/shop/orders/append/          files that were prepared to be added
/// .tapline/work/shop/orders/7/               version 7, while it is being made
/// ```
///
/// Unfinished files end with `.tmp`.
///
/// @param root the sink's path
/// @param pipeline the name of the pipeline
/// @param form the form in which destinations are written
/// @param forms all forms that the sink has
public record Workspace(Path root, String pipeline, FileForm form, List<FileForm> forms) {
  static final String HIDDEN = ".tapline";

  /// The extension of unfinished files.
  public static final String TEMPORARY = ".tmp";

  static final String MARKER_EXTENSION = ".json";
  private static final String APPEND = "append";

  Path markers() {
    return root.resolve(HIDDEN);
  }

  Path marker() {
    return markers().resolve(pipeline + MARKER_EXTENSION);
  }

  Path allWork() {
    return markers().resolve("work");
  }

  /// Copies the list.
  public Workspace {
    forms = List.copyOf(forms);
  }

  Path work() {
    return allWork().resolve(FileNames.encode(pipeline));
  }

  Path work(String destination) throws IOException {
    return child(work(), FileNames.encode(destination));
  }

  /// The folder of files that will be appended to a destination.
  public Path append(String destination) throws IOException {
    return work(destination).resolve(APPEND);
  }

  /// The folder in which a version is gathered.
  public Path version(String destination, long version) throws IOException {
    return work(destination).resolve(Long.toString(version));
  }

  /// The visible folder or file of a destination.
  public Path live(String destination) throws IOException {
    return live(destination, form);
  }

  /// The visible folder or file of a destination in a form.
  Path live(String destination, FileForm written) throws IOException {
    String name = FileNames.encode(destination);
    return child(root, written.oneFile() ? name + written.extension() : name);
  }

  /// Resolves a path from a commit.
  ///
  /// @throws IOException if it is not in this pipeline's work folder
  public Path inWork(String relative) throws IOException {
    Path file = child(root, relative).normalize();
    if (!file.startsWith(work())) {
      throw new IOException(
          "a commit names the file '"
              + relative
              + "', which is not one of pipeline '"
              + pipeline
              + "'");
    }
    return file;
  }

  /// A path as text for a commit.
  public String relative(Path file) {
    return root.relativize(file).toString();
  }

  /// The parent folder of a file.
  public static Path parent(Path file) {
    Path parent = file.getParent();
    if (parent == null) {
      throw new IllegalArgumentException("'" + file + "' has no folder");
    }
    return parent;
  }

  /// The entries of a folder, sorted by name; empty if it does not exist.
  public static List<Path> list(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      entries.forEach(found::add);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (IOException e) {
      throw FileErrors.explain("cannot list", folder, e);
    }
    found.sort(null);
    return found;
  }

  static boolean isTemporary(Path file) {
    return String.valueOf(file.getFileName()).endsWith(TEMPORARY);
  }

  private static Path child(Path folder, String name) throws IOException {
    try {
      return folder.resolve(name);
    } catch (InvalidPathException e) {
      throw new IOException(
          "the file name '%s' cannot be written in this system's locale; set LC_ALL=C.UTF-8"
              .formatted(name),
          e);
    }
  }
}
