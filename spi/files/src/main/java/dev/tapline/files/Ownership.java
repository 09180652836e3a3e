package dev.tapline.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Knows which pipeline owns which destination below a path: a pipeline never changes another's
/// data, nor data from elsewhere.
final class Ownership {
  private final Workspace workspace;
  private final Map<Path, Known> known = new ConcurrentHashMap<>();

  private record Known(FileTime modified, long size, Marker marker) {}

  Ownership(Workspace workspace) {
    this.workspace = workspace;
  }

  /// Reads all markers.
  ///
  /// @throws IOException if one of them cannot be understood
  void readMarkers() throws IOException {
    for (Path file : Workspace.list(workspace.markers())) {
      if (isMarker(file)) {
        marker(file, pipeline(file));
      }
    }
  }

  /// Why this pipeline must not write the destination, or empty.
  Optional<String> problem(String destination) throws IOException {
    Optional<String> other = otherPipeline(destination);
    return other.isPresent() ? other : foreignData(destination);
  }

  /// Why rows cannot be appended to the visible version of the destination or to the one that is
  /// being written, or empty.
  Optional<String> problemOfAdding(String destination, long version) throws IOException {
    Marker.Destination before =
        marker(workspace.marker(), workspace.pipeline()).destination(destination);
    boolean toNewVersion =
        version > before.version() && Files.isDirectory(workspace.version(destination, version));
    return toNewVersion ? Optional.empty() : before.problemOfAdding(workspace.form());
  }

  private Optional<String> otherPipeline(String destination) throws IOException {
    for (Path file : Workspace.list(workspace.markers())) {
      if (isMarker(file) && !file.equals(workspace.marker())) {
        String pipeline = pipeline(file);
        if (marker(file, pipeline).destinations().containsKey(destination)) {
          return Optional.of(
              ("pipeline '%s' writes the destination '%s' in %s; if this is that pipeline, run it under the name it had (name: %s);"
                      + " if not, set sink.path to another folder or give the stream another name with 'as';"
                      + " if that pipeline is no more, remove its marker %s and what it has written")
                  .formatted(pipeline, destination, workspace.root(), pipeline, file));
        }
      }
    }
    Path own = workspace.work();
    for (Path work : Workspace.list(workspace.allWork())) {
      Path theirs = work.resolve(String.valueOf(workspace.work(destination).getFileName()));
      if (!work.equals(own) && Files.isDirectory(theirs)) {
        return Optional.of(
            "another pipeline is writing the destination '%s' in %s; give one of them another path, or remove %s if that pipeline is gone"
                .formatted(destination, workspace.root(), theirs));
      }
    }
    return Optional.empty();
  }

  private Optional<String> foreignData(String destination) throws IOException {
    Path live = workspace.live(destination);
    if (!Files.exists(live)
        || (Files.isDirectory(live) && Workspace.list(live).isEmpty())
        || hasWritten(destination, live)) {
      return Optional.empty();
    }
    return Optional.of(
        "%s exists and pipeline '%s' has not written it; remove it, or set sink.path to another folder"
            .formatted(live, workspace.pipeline()));
  }

  private boolean hasWritten(String destination, Path live) throws IOException {
    Marker own = marker(workspace.marker(), workspace.pipeline());
    if (!own.destinations().containsKey(destination)) {
      return false;
    }
    Set<FileForm> forms = own.destination(destination).forms();
    for (FileForm form : forms) {
      if (workspace.live(destination, form).equals(live)) {
        return true;
      }
    }
    // Old markers have no forms.
    return forms.isEmpty();
  }

  private static boolean isMarker(Path file) {
    return String.valueOf(file.getFileName()).endsWith(Workspace.MARKER_EXTENSION);
  }

  private static String pipeline(Path marker) {
    String name = String.valueOf(marker.getFileName());
    return name.substring(0, name.length() - Workspace.MARKER_EXTENSION.length());
  }

  private Marker marker(Path file, String pipeline) throws IOException {
    if (!Files.exists(file)) {
      return Marker.NONE;
    }
    FileTime modified = Files.getLastModifiedTime(file);
    long size = Files.size(file);
    Known before = known.get(file);
    if (before != null && before.modified().equals(modified) && before.size() == size) {
      return before.marker();
    }
    Marker marker = Marker.read(file, pipeline, workspace.forms());
    known.put(file, new Known(modified, size, marker));
    return marker;
  }
}
