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

/// Where things are below the sink's path:
///
/// ```
/// orders/                                    the data that people see (layout: folder)
/// orders.jsonl                               the same (layout: file)
/// .tapline/shop.json                         the marker of the pipeline 'shop'
/// .tapline/work/shop/orders/append/          files that were prepared to be added
/// .tapline/work/shop/orders/7/               version 7, while it is being made
/// ```
///
/// Files under way end with `.tmp`.
///
/// @param root the sink's path
/// @param pipeline whose sink it is
/// @param form the form in which destinations are written
/// @param forms all forms that the sink has
public record Workspace(Path root, String pipeline, FileForm form, List<FileForm> forms) {
  static final String HIDDEN = ".tapline";

  /// What ends the names of files under way.
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

  /// Where files are prepared that will be added to a destination.
  public Path append(String destination) throws IOException {
    return work(destination).resolve(APPEND);
  }

  /// Where a version is gathered.
  public Path version(String destination, long version) throws IOException {
    return work(destination).resolve(Long.toString(version));
  }

  /// What people see of a destination: a folder or a file.
  public Path live(String destination) throws IOException {
    return live(destination, form);
  }

  /// What people see of a destination that is written in a form.
  Path live(String destination, FileForm written) throws IOException {
    String name = FileNames.encode(destination);
    return child(root, written.oneFile() ? name + written.extension() : name);
  }

  /// A path out of a commit.
  ///
  /// @throws IOException if it leads elsewhere than into this pipeline's work
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

  /// The other way round.
  public String relative(Path file) {
    return root.relativize(file).toString();
  }

  /// The folder of a file.
  public static Path parent(Path file) {
    Path parent = file.getParent();
    if (parent == null) {
      throw new IllegalArgumentException("'" + file + "' has no folder");
    }
    return parent;
  }

  /// What is in a folder, in the order of the names; nothing when it is not there.
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
