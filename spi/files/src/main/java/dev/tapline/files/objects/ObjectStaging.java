package dev.tapline.files.objects;

import dev.tapline.files.DataFile;
import dev.tapline.files.Staging;
import dev.tapline.spi.sink.Commit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Stages files as uploads to their final keys.
final class ObjectStaging implements Staging {
  private final ObjectStore store;
  private final String destination;
  private final long version;
  private final String folder;
  private final int partSize;
  private final List<ObjectFile> begun = new ArrayList<>();

  /// @param folder the prefix of the version's keys
  ObjectStaging(ObjectStore store, String destination, long version, String folder, int partSize) {
    this.store = store;
    this.destination = destination;
    this.version = version;
    this.folder = folder;
    this.partSize = partSize;
  }

  @Override
  public DataFile begin(String name) {
    ObjectFile file = new ObjectFile(store, folder + name, partSize);
    begun.add(file);
    return file;
  }

  @Override
  public List<Commit> prepare() {
    List<Commit> commits = new ArrayList<>();
    for (ObjectFile file : begun) {
      file.prepared(destination, version).map(PreparedUpload::toCommit).ifPresent(commits::add);
    }
    begun.clear();
    return commits;
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (ObjectFile file : begun) {
      try {
        file.giveUp();
      } catch (IOException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    begun.clear();
    if (failure != null) {
      throw failure;
    }
  }
}
