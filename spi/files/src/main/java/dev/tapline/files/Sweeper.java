package dev.tapline.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Removes leftovers of killed runs from the pipeline's work folder.
///
/// Of unfinished versions it keeps the latest that has committed files, since the engine may resume
/// it.
final class Sweeper {
  private final Workspace workspace;
  private final Publisher publisher;
  private final Marker marker;

  Sweeper(Workspace workspace, Publisher publisher, Marker marker) {
    this.workspace = workspace;
    this.publisher = publisher;
    this.marker = marker;
  }

  void sweep() throws IOException {
    deleteProbes(workspace.root());
    deleteProbes(workspace.work());
    Map<Path, String> destinations = new HashMap<>();
    for (String destination : marker.destinations().keySet()) {
      destinations.put(workspace.work(destination), destination);
      publisher.tidy(destination);
    }
    for (Path work : Workspace.list(workspace.work())) {
      String destination = destinations.get(work);
      sweep(work, destination == null ? 0 : marker.destination(destination).version());
    }
    DurableFiles.deleteFile(
        workspace.marker().resolveSibling(workspace.marker().getFileName() + Workspace.TEMPORARY));
    deleteEmptyFolders(workspace);
  }

  /// The version of a folder, even if it was set aside; `Long.MAX_VALUE` if it is something else.
  static long version(Path folder) {
    String name = String.valueOf(folder.getFileName());
    String digits =
        name.endsWith(AtomicSwap.OLD_SUFFIX)
            ? name.substring(0, name.length() - AtomicSwap.OLD_SUFFIX.length())
            : name;
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }

  static void deleteTemporary(Path folder) throws IOException {
    for (Path file : Workspace.list(folder)) {
      if (Workspace.isTemporary(file)) {
        DurableFiles.deleteFile(file);
      }
    }
  }

  private static void deleteProbes(Path folder) throws IOException {
    for (Path file : Workspace.list(folder)) {
      if (WriteProbe.isProbe(file)) {
        DurableFiles.deleteFile(file);
      }
    }
  }

  /// Deletes the pipeline's empty work folders.
  static void deleteEmptyFolders(Workspace workspace) throws IOException {
    for (Path work : Workspace.list(workspace.work())) {
      for (Path folder : Workspace.list(work)) {
        if (Files.isDirectory(folder)) {
          DurableFiles.deleteIfEmpty(folder);
        }
      }
      DurableFiles.deleteIfEmpty(work);
    }
    if (DurableFiles.deleteIfEmpty(workspace.work())) {
      DurableFiles.deleteIfEmpty(workspace.allWork());
    }
  }

  private void sweep(Path work, long live) throws IOException {
    deleteTemporary(work);
    List<Path> underWay = new ArrayList<>();
    for (Path entry : Workspace.list(work)) {
      deleteTemporary(entry);
      long version = version(entry);
      if (version <= live) {
        DurableFiles.deleteTree(entry);
      } else if (version != Long.MAX_VALUE && hasData(entry)) {
        underWay.add(entry);
      } else if (version != Long.MAX_VALUE) {
        DurableFiles.deleteTree(entry);
      }
    }
    long latest = underWay.stream().mapToLong(Sweeper::version).max().orElse(0);
    for (Path entry : underWay) {
      if (version(entry) < latest) {
        DurableFiles.deleteTree(entry);
      }
    }
  }

  private static boolean hasData(Path folder) throws IOException {
    return Workspace.list(folder).stream().anyMatch(file -> !file.endsWith(FolderPublisher.STAMP));
  }
}
