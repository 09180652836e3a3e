package dev.tapline.sink.parquet.compaction;

import dev.tapline.files.AtomicSwap;
import dev.tapline.files.DurableFiles;
import dev.tapline.files.PartFileNames;
import dev.tapline.files.PreparedFile;
import dev.tapline.files.Workspace;
import dev.tapline.sink.parquet.format.FileFormat;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Maintains `<destination>__current/` beside `<destination>/`: the rows as of the last checkpoint,
/// merged by key. Messages call it the image of the stream.
///
/// Each step creates a new folder and swaps it with the current one. A step that was interrupted by
/// a crash can be repeated: the stamp in the folder says what was merged.
public final class Compactor {
  /// The suffix of the names of compacted folders.
  public static final String SUFFIX = "__current";

  private static final String NEW_FOLDER = "image";

  private final Workspace workspace;
  private final AtomicSwap atomicSwap;
  private final FileFormat format;
  private final PartFileNames names;
  private final long fileSize;

  /// @param names names the files
  /// @param fileSize the size at which another file is started
  public Compactor(
      Workspace workspace,
      AtomicSwap atomicSwap,
      FileFormat format,
      PartFileNames names,
      long fileSize) {
    this.workspace = workspace;
    this.atomicSwap = atomicSwap;
    this.format = format;
    this.names = names;
    this.fileSize = fileSize;
  }

  /// Why a destination cannot be compacted.
  public Optional<String> problem(String destination) throws IOException {
    if (destination.endsWith(SUFFIX)) {
      return Optional.of(
          "the destination's name ends with %s, as those of images do; give the stream another name with 'as'"
              .formatted(SUFFIX));
    }
    Path live = live(destination);
    boolean foreign =
        Files.exists(live)
            && !Workspace.list(live).isEmpty()
            && CompactionStamp.read(live).isEmpty();
    return foreign
        ? Optional.of(
            "%s exists and is no image of this sink; remove it, or set sink.path to another folder"
                .formatted(live))
        : Optional.empty();
  }

  /// Merges files that were added to a destination.
  ///
  /// @param version the version of the stream that they were added to
  public void append(String destination, long version, List<PreparedFile> added)
      throws IOException {
    List<String> step = added.stream().map(PreparedFile::name).sorted().toList();
    Optional<CompactionStamp> before =
        CompactionStamp.read(live(destination)).filter(stamp -> stamp.version() == version);
    List<String> files = dataFiles(workspace.live(destination));
    String newest = newest(files);
    if (before.isPresent() && before.get().step().equals(step)) {
      return;
    }
    CompactionStamp stamp = new CompactionStamp(version, newest, step);
    // Includes the files that were added while compaction was off.
    List<String> merged =
        files.stream()
            .filter(name ->
                before.isEmpty()
                    || step.contains(name)
                    || fileName(name).compareTo(before.get().newest()) > 0)
            .toList();
    make(destination, stamp, before.isPresent(), merged, false);
  }

  /// Compacts a version that has replaced another.
  public void replace(String destination, long version) throws IOException {
    List<String> files = dataFiles(workspace.live(destination));
    CompactionStamp stamp = new CompactionStamp(version, newest(files), List.of());
    if (!CompactionStamp.read(live(destination)).equals(Optional.of(stamp))) {
      make(destination, stamp, false, files, true);
    }
  }

  /// Removes leftovers of a crash.
  public void tidy(String destination) throws IOException {
    Path fresh = fresh(destination);
    DurableFiles.deleteTree(fresh);
    DurableFiles.deleteTree(AtomicSwap.aside(fresh));
  }

  // In a whole version, each key occurs once in the files of snapshot rows.
  private void make(
      String destination,
      CompactionStamp stamp,
      boolean incremental,
      List<String> files,
      boolean whole)
      throws IOException {
    Path fresh = fresh(destination);
    if (!CompactionStamp.read(fresh).equals(Optional.of(stamp))) {
      DurableFiles.deleteTree(fresh);
      DurableFiles.createFolder(fresh);
      Path live = live(destination);
      List<Path> before = new ArrayList<>();
      List<Path> changes = new ArrayList<>();
      if (incremental) {
        dataFiles(live).forEach(name -> before.add(live.resolve(name)));
      }
      for (String name : files) {
        Path file = workspace.live(destination).resolve(name);
        (whole && !format.readSchema(file).changes() ? before : changes).add(file);
      }
      merge(destination, fresh, before, changes);
      DurableFiles.syncFolder(fresh);
      stamp.write(fresh);
    }
    atomicSwap.swap(fresh, live(destination));
    DurableFiles.syncFolder(workspace.root());
    tidy(destination);
  }

  private void merge(String destination, Path fresh, List<Path> before, List<Path> changes)
      throws IOException {
    try {
      new ChangeMerger(format, fresh, names, fileSize).run(before, changes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("while the image of " + destination + " was being made");
    } catch (IOException e) {
      throw new IOException("the image of '" + destination + "': " + e.getMessage(), e);
    }
  }

  private Path live(String destination) throws IOException {
    return workspace.live(destination + SUFFIX);
  }

  private Path fresh(String destination) throws IOException {
    return workspace.append(destination).resolveSibling(NEW_FOLDER);
  }

  /// The names of data files in a folder and its subfolders, in the order in which they were
  /// started.
  private List<String> dataFiles(Path folder) throws IOException {
    List<String> found = new ArrayList<>();
    for (Path entry : Workspace.list(folder)) {
      String name = String.valueOf(entry.getFileName());
      if (Files.isDirectory(entry)) {
        dataFiles(entry).forEach(inner -> found.add(name + "/" + inner));
      } else if (name.endsWith(workspace.form().extension())) {
        found.add(name);
      }
    }
    found.sort((one, other) -> fileName(one).compareTo(fileName(other)));
    return found;
  }

  private static String newest(List<String> files) {
    return files.isEmpty() ? "-" : fileName(files.getLast());
  }

  private static String fileName(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }
}
