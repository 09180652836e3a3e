package dev.tapline.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Publishes a destination as a folder of files. A new version's folder replaces the old one in one
/// step. It has a stamp until the marker names the version: it tells a repeated commit that the
/// folders were swapped.
public final class FolderPublisher implements Publisher {
  /// The file name of the stamp.
  public static final String STAMP = ".generation";

  private final Workspace workspace;
  private final AtomicSwap atomicSwap;

  /// @param atomicSwap swaps the folders
  public FolderPublisher(Workspace workspace, AtomicSwap atomicSwap) {
    this.workspace = workspace;
    this.atomicSwap = atomicSwap;
  }

  @Override
  public Marker.Destination append(
      String destination, List<PreparedFile> files, Marker.Destination before) throws IOException {
    Path live = workspace.live(destination);
    DurableFiles.createFolder(live);
    Set<Path> folders = new LinkedHashSet<>(Set.of(live));
    for (PreparedFile file : files) {
      Path temporary = workspace.inWork(file.temporary());
      Path target = live.resolve(file.name());
      Path folder = Workspace.parent(target);
      if (Files.exists(temporary)) {
        DurableFiles.createFolder(folder);
        DurableFiles.rename(temporary, target);
      } else if (!Files.exists(target)) {
        throw FileCommitter.missing(file);
      }
      folders.add(folder);
    }
    for (Path folder : folders) {
      DurableFiles.syncFolder(folder);
    }
    return new Marker.Destination(before.version(), 0, workspace.form());
  }

  @Override
  public boolean isLive(PreparedFile file) throws IOException {
    Path live = workspace.live(file.destination());
    return isStamped(live, file.version()) && Files.exists(live.resolve(file.name()));
  }

  @Override
  public Marker.Destination replace(String destination, long version) throws IOException {
    Path live = workspace.live(destination);
    if (!isStamped(live, version)) {
      Path fresh = workspace.version(destination, version);
      DurableFiles.createFolder(fresh);
      DurableFiles.replace(fresh.resolve(STAMP), Long.toString(version));
      atomicSwap.swap(fresh, live);
      DurableFiles.syncFolder(workspace.root());
      DurableFiles.syncFolder(workspace.work(destination));
    }
    return new Marker.Destination(version, 0, workspace.form());
  }

  @Override
  public void tidy(String destination) throws IOException {
    DurableFiles.deleteFile(workspace.live(destination).resolve(STAMP));
  }

  private static boolean isStamped(Path live, long version) throws IOException {
    Path stamp = live.resolve(STAMP);
    try {
      return Files.readString(stamp).equals(Long.toString(version));
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw FileErrors.explain("cannot read", stamp, e);
    }
  }
}
