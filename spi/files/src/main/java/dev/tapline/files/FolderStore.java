package dev.tapline.files;

import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.sink.SinkCommitter;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.spi.sink.WriterContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Stores files in a local folder.
public final class FolderStore implements FileStore {
  private final Workspace workspace;
  private final Publisher publisher;
  private final StreamProblem problemOf;
  private final Ownership ownership;
  private final Set<String> claimed = ConcurrentHashMap.newKeySet();

  /// Creates a store; nothing is read or written yet.
  ///
  /// @param publisher how prepared files become visible
  /// @param problemOf checks whether the sink can write a stream
  public FolderStore(Workspace workspace, Publisher publisher, StreamProblem problemOf) {
    this.workspace = workspace;
    this.publisher = publisher;
    this.problemOf = problemOf;
    this.ownership = new Ownership(workspace);
  }

  @Override
  public List<Finding> check(List<Stream> streams) {
    List<Finding> findings = new ArrayList<>();
    findings.add(checkPath());
    try {
      ownership.readMarkers();
    } catch (IOException e) {
      // Every stream would report the same again.
      findings.add(Finding.error("path", String.valueOf(e.getMessage()), ""));
      return findings;
    }
    StreamProblem ofStream = this::problem;
    findings.addAll(ofStream.findings(streams));
    return findings;
  }

  @Override
  public Staging open(WriterContext context) throws IOException {
    Stream stream = context.stream();
    String destination = stream.destination();
    boolean replaces = context.mode() == WriteMode.REPLACE;
    Optional<String> problem = claimed.contains(destination) ? Optional.empty() : problem(stream);
    if (problem.isEmpty() && !replaces) {
      problem = ownership.problemOfAdding(destination, context.version());
    }
    if (problem.isPresent()) {
      throw new IOException("stream " + stream.name() + ": " + problem.get());
    }
    Path folder =
        replaces
            ? workspace.version(destination, context.version())
            : workspace.append(destination);
    DurableFiles.createFolder(folder);
    claimed.add(destination);
    return new FolderStaging(context, workspace, folder);
  }

  @Override
  public SinkCommitter committer() throws IOException {
    return new FileCommitter(workspace, publisher);
  }

  @Override
  public void close() {}

  private Finding checkPath() {
    Path path = workspace.root();
    Path existing = path;
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    if (!Files.isDirectory(existing)) {
      return Finding.error(
          "path", existing + " is a file and not a folder", "set sink.path to a folder");
    }
    if (!Files.isWritable(existing)) {
      return Finding.error(
          "path",
          "permission denied: the folder " + existing + " cannot be written by this user",
          "let this user write there, or set sink.path to another folder");
    }
    try {
      WriteProbe.write(path);
      WriteProbe.write(workspace.work());
    } catch (IOException e) {
      return Finding.error("path", String.valueOf(e.getMessage()), "");
    }
    return Finding.ok("path", path + " can be written");
  }

  private Optional<String> problem(Stream stream) throws IOException {
    String suffix = workspace.form().oneFile() ? workspace.form().extension() : "";
    Optional<String> name = FileNames.problem(stream.destination(), suffix);
    if (name.isPresent()) {
      return name;
    }
    Optional<String> content = problemOf.of(stream);
    return content.isPresent() ? content : ownership.problem(stream.destination());
  }
}
