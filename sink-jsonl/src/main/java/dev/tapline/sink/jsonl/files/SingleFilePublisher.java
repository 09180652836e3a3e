package dev.tapline.sink.jsonl.files;

import dev.tapline.files.DurableFiles;
import dev.tapline.files.FileCommitter;
import dev.tapline.files.FileErrors;
import dev.tapline.files.LocalFile;
import dev.tapline.files.Marker;
import dev.tapline.files.PreparedFile;
import dev.tapline.files.Publisher;
import dev.tapline.files.Workspace;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// Publishes a destination as one file. A new version is joined from its parts beside the old file
/// and then renamed. Appended files are added at its end: the marker has the length at the previous
/// checkpoint, so that a repeated commit cuts off what an earlier attempt has added.
final class SingleFilePublisher implements Publisher {
  private final Workspace workspace;
  private final FileSinkConfig config;

  SingleFilePublisher(Workspace workspace, FileSinkConfig config) {
    this.workspace = workspace;
    this.config = config;
  }

  @Override
  public Marker.Destination append(
      String destination, List<PreparedFile> files, Marker.Destination before) throws IOException {
    List<Path> parts = new ArrayList<>();
    for (PreparedFile file : files) {
      Path part = workspace.inWork(file.temporary());
      if (!Files.exists(part)) {
        throw FileCommitter.missing(file);
      }
      parts.add(part);
    }
    Path live = workspace.live(destination);
    try (FileChannel to =
        FileChannel.open(live, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      if (to.size() < before.length()) {
        throw new IOException(
            "it has %d bytes and had %d after the last checkpoint; put it back, or reset the stream"
                .formatted(to.size(), before.length()));
      }
      to.truncate(before.length());
      to.position(before.length());
      copy(parts, to);
      to.force(true);
      DurableFiles.syncFolder(workspace.root());
      return new Marker.Destination(before.version(), to.size(), workspace.form());
    } catch (IOException e) {
      throw FileErrors.explain("cannot add to", live, e);
    }
  }

  @Override
  public boolean isLive(PreparedFile file) {
    return false; // parts stay beside the file until the marker is written
  }

  @Override
  public Marker.Destination replace(String destination, long version) throws IOException {
    Path parts = workspace.version(destination, version);
    Path whole = parts.resolveSibling(version + Workspace.TEMPORARY);
    DurableFiles.createFolder(parts);
    DurableFiles.deleteFile(whole);
    List<Path> files = Workspace.list(parts);
    if (files.isEmpty()) {
      // Even a file without rows must be valid for its decompressor.
      new CompressedFile(new LocalFile(whole), config.compression(), config.level()).finish();
    } else {
      join(files, whole);
    }
    long length = Files.size(whole);
    DurableFiles.rename(whole, workspace.live(destination));
    DurableFiles.syncFolder(workspace.root());
    return new Marker.Destination(version, length, workspace.form());
  }

  @Override
  public void tidy(String destination) {}

  private static void join(List<Path> files, Path whole) throws IOException {
    try (FileChannel to =
        FileChannel.open(whole, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      copy(files, to);
      to.force(true);
    } catch (IOException e) {
      throw FileErrors.explain("cannot write", whole, e);
    }
  }

  private static void copy(List<Path> files, FileChannel to) throws IOException {
    for (Path file : files) {
      try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ)) {
        long size = from.size();
        for (long at = 0; at < size; ) {
          at += from.transferTo(at, size - at, to);
        }
      }
    }
  }
}
