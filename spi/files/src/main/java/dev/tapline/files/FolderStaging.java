package dev.tapline.files;

import dev.tapline.spi.sink.Commit;
import dev.tapline.spi.sink.WriterContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Stages files under temporary names in a local folder.
final class FolderStaging implements Staging {
  private final WriterContext context;
  private final Workspace workspace;
  private final Path folder;
  private final List<Begun> begun = new ArrayList<>();

  private record Begun(LocalFile file, String name) {}

  FolderStaging(WriterContext context, Workspace workspace, Path folder) {
    this.context = context;
    this.workspace = workspace;
    this.folder = folder;
  }

  @Override
  public DataFile begin(String name) throws IOException {
    DurableFiles.createFolder(folder);
    String fileName = name.substring(name.lastIndexOf('/') + 1);
    LocalFile file = new LocalFile(folder.resolve(fileName + Workspace.TEMPORARY));
    begun.add(new Begun(file, name));
    return file;
  }

  @Override
  public List<Commit> prepare() throws IOException {
    if (begun.isEmpty()) {
      return List.of();
    }
    DurableFiles.syncFolder(folder);
    List<Commit> commits = new ArrayList<>();
    for (Begun prepared : begun) {
      commits.add(
          new PreparedFile(
                  context.stream().destination(),
                  context.version(),
                  context.mode(),
                  workspace.relative(prepared.file().path()),
                  prepared.name())
              .toCommit());
    }
    begun.clear();
    return commits;
  }

  @Override
  public void close() throws IOException {
    for (Begun given : begun) {
      try (LocalFile file = given.file()) {
        DurableFiles.deleteFile(file.path());
      }
    }
    begun.clear();
  }
}
