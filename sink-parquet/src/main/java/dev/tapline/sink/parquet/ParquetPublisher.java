package dev.tapline.sink.parquet;

import dev.tapline.files.DurableFiles;
import dev.tapline.files.FolderPublisher;
import dev.tapline.files.Marker;
import dev.tapline.files.PreparedFile;
import dev.tapline.files.Publisher;
import dev.tapline.files.Workspace;
import dev.tapline.sink.parquet.compaction.Compactor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Publishes files in a folder; optionally adds `_SUCCESS` and updates the compacted copy.
///
/// @param folders publishes the files
/// @param successMarker whether a file marks a complete load
/// @param compactor maintains the compacted copy, if there is one
record ParquetPublisher(
    Workspace workspace,
    FolderPublisher folders,
    boolean successMarker,
    Optional<Compactor> compactor)
    implements Publisher {
  private static final String SUCCESS = "_SUCCESS";

  @Override
  public Marker.Destination append(
      String destination, List<PreparedFile> files, Marker.Destination before) throws IOException {
    Marker.Destination published = folders.append(destination, files, before);
    if (compactor.isPresent()) {
      compactor.get().append(destination, before.version(), files);
    }
    return published;
  }

  @Override
  public boolean isLive(PreparedFile file) throws IOException {
    return folders.isLive(file);
  }

  @Override
  public Marker.Destination replace(String destination, long version) throws IOException {
    Marker.Destination published = folders.replace(destination, version);
    if (compactor.isPresent()) {
      compactor.get().replace(destination, version);
    }
    Path success = workspace.live(destination).resolve(SUCCESS);
    if (successMarker && !Files.exists(success)) {
      DurableFiles.replace(success, "");
    }
    return published;
  }

  @Override
  public void tidy(String destination) throws IOException {
    folders.tidy(destination);
    if (compactor.isPresent()) {
      compactor.get().tidy(destination);
    }
  }
}
