package dev.tapline.files;

import dev.tapline.spi.sink.Checkpoint;
import dev.tapline.spi.sink.Checkpoint.TableReplacement;
import dev.tapline.spi.sink.Commit;
import dev.tapline.spi.sink.SinkCommitter;
import dev.tapline.spi.sink.WriteMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Makes prepared files visible. The order of steps makes a commit repeatable: files are moved and
/// versions swapped, then the marker is written, and only then is deleted what a repeated attempt
/// would need to know how far the first one came.
public final class FileCommitter implements SinkCommitter {
  private final Workspace workspace;
  private final Publisher publisher;
  private Marker marker;

  /// Creates a committer and reads the marker.
  public FileCommitter(Workspace workspace, Publisher publisher) throws IOException {
    this.workspace = workspace;
    this.publisher = publisher;
    this.marker = Marker.read(workspace.marker(), workspace.pipeline(), workspace.forms());
  }

  @Override
  public OptionalLong lastCheckpoint() {
    return marker.checkpoint() == 0 ? OptionalLong.empty() : OptionalLong.of(marker.checkpoint());
  }

  @Override
  public long highestVersion() {
    return marker.highestVersion();
  }

  @Override
  public void commit(Checkpoint checkpoint) throws IOException {
    marker.requireNotBefore(checkpoint.number(), workspace.marker().toString());
    List<PreparedFile> files = new ArrayList<>();
    for (Commit commit : checkpoint.allCommits()) {
      files.add(PreparedFile.of(commit));
    }
    if (checkpoint.number() > marker.checkpoint()) {
      for (PreparedFile file : files) {
        workspace.form().requireFile(file.name(), file.destination());
      }
      publish(checkpoint, files);
    }
    for (PreparedFile file : files) {
      DurableFiles.deleteFile(workspace.inWork(file.temporary()));
    }
    for (TableReplacement replacement : checkpoint.replacements()) {
      publisher.tidy(replacement.destination());
      deleteVersions(replacement.destination(), replacement.version());
    }
  }

  @Override
  public void sweep() throws IOException {
    new Sweeper(workspace, publisher, marker).sweep();
  }

  @Override
  public void close() throws IOException {
    Sweeper.deleteEmptyFolders(workspace);
  }

  /// The error for a prepared file that no longer exists.
  public static IOException missing(PreparedFile file) {
    return new IOException(
        "the prepared file '%s' of destination '%s' is gone, and has not become '%s' either; reset the stream to load it anew"
            .formatted(file.temporary(), file.destination(), file.name()));
  }

  // Writes the marker before a destination exists in a form for the first time: after a crash the
  // sink must recognize the data as its own, and know which of it has another form.
  private void announce(Checkpoint checkpoint, List<PreparedFile> files) throws IOException {
    Set<String> visible = new LinkedHashSet<>();
    for (PreparedFile file : files) {
      if (!belongsToNewVersion(file)) {
        marker.requireForm(file.destination(), workspace.form());
        visible.add(file.destination());
      }
    }
    checkpoint.replacements().forEach(replacement -> visible.add(replacement.destination()));
    visible.removeIf(name -> marker.destination(name).forms().contains(workspace.form()));
    if (!visible.isEmpty()) {
      SortedMap<String, Marker.Destination> announced = new TreeMap<>(marker.destinations());
      for (String name : visible) {
        announced.put(name, marker.destination(name).announcing(workspace.form()));
      }
      write(new Marker(marker.checkpoint(), announced));
    }
  }

  private void write(Marker next) throws IOException {
    DurableFiles.createFolder(workspace.markers());
    next.write(workspace.marker(), workspace.pipeline());
    marker = next;
  }

  // Otherwise readers of everything below the path would see rows twice. A folder is moved before
  // it is deleted, so that nobody sees half of it.
  private void removeOtherForms(String destination) throws IOException {
    Marker.Destination before = marker.destination(destination);
    Path live = workspace.live(destination);
    for (FileForm form : before.forms()) {
      Path other = workspace.live(destination, form);
      if (other.equals(live) || !Files.exists(other)) {
        continue;
      }
      if (form.oneFile()) {
        DurableFiles.deleteFile(other);
      } else {
        Path aside = AtomicSwap.aside(workspace.version(destination, before.version()));
        DurableFiles.deleteTree(aside);
        DurableFiles.createFolder(workspace.work(destination));
        DurableFiles.rename(other, aside);
      }
      DurableFiles.syncFolder(workspace.root());
    }
  }

  private void publish(Checkpoint checkpoint, List<PreparedFile> files) throws IOException {
    announce(checkpoint, files);
    Map<String, Marker.Destination> after = new TreeMap<>(marker.destinations());
    Map<String, List<PreparedFile>> added = new LinkedHashMap<>();
    Set<Path> changed = new LinkedHashSet<>();
    for (PreparedFile file : files) {
      if (belongsToNewVersion(file)) {
        changed.add(moveToVersion(file));
      } else {
        added.computeIfAbsent(file.destination(), name -> new ArrayList<>()).add(file);
      }
      after.putIfAbsent(file.destination(), Marker.Destination.NONE);
    }
    for (Path folder : changed) {
      DurableFiles.syncFolder(folder);
    }
    for (Map.Entry<String, List<PreparedFile>> entry : added.entrySet()) {
      String destination = entry.getKey();
      after.put(
          destination,
          publisher.append(destination, entry.getValue(), marker.destination(destination)));
    }
    for (TableReplacement replacement : checkpoint.replacements()) {
      String destination = replacement.destination();
      Sweeper.deleteTemporary(workspace.version(destination, replacement.version()));
      after.put(destination, publisher.replace(destination, replacement.version()));
      removeOtherForms(destination);
    }
    write(new Marker(checkpoint.number(), new TreeMap<>(after)));
  }

  // Rows added to a version that is not visible yet become visible with it.
  private boolean belongsToNewVersion(PreparedFile file) throws IOException {
    return file.mode() == WriteMode.REPLACE
        || (file.version() > marker.destination(file.destination()).version()
            && Files.isDirectory(workspace.version(file.destination(), file.version())));
  }

  private Path moveToVersion(PreparedFile file) throws IOException {
    Path folder = workspace.version(file.destination(), file.version());
    Path temporary = workspace.inWork(file.temporary());
    Path target = folder.resolve(file.name());
    if (Files.exists(temporary)) {
      DurableFiles.createFolder(Workspace.parent(target));
      DurableFiles.rename(temporary, target);
    } else if (!Files.exists(target) && !publisher.isLive(file)) {
      throw missing(file);
    }
    return Files.exists(target) ? Workspace.parent(target) : workspace.work(file.destination());
  }

  private void deleteVersions(String destination, long upTo) throws IOException {
    for (Path entry : Workspace.list(workspace.work(destination))) {
      if (Sweeper.version(entry) <= upTo) {
        DurableFiles.deleteTree(entry);
      }
    }
  }
}
