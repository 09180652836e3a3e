package dev.tapline.sink.jsonl.files;

import dev.tapline.spi.Finding;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.sink.Capability;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkCommitter;
import dev.tapline.spi.sink.SinkWriter;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.spi.sink.WriterContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Writes each stream to a folder of files, or to one file.
public final class FileSink implements Sink {
  private final FileSettings settings;
  private final Workspace workspace;
  private final Placement placement;
  private final Ownership ownership;
  private final PartNames names;
  private final Set<String> claimed = ConcurrentHashMap.newKeySet();

  /// A sink that has touched nothing yet.
  ///
  /// @param pipeline whose sink it is
  public FileSink(FileSettings settings, String pipeline) {
    this(settings, pipeline, Exchange.best());
  }

  FileSink(FileSettings settings, String pipeline, Exchange exchange) {
    this.settings = settings;
    Form form = new Form(settings.oneFile(), settings.compression());
    this.workspace = new Workspace(settings.path(), pipeline, form);
    this.placement =
        settings.oneFile()
            ? new FilePlacement(workspace, settings)
            : new FolderPlacement(workspace, exchange);
    this.ownership = new Ownership(workspace);
    this.names = new PartNames(Clock.systemUTC(), form.extension());
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.REPLACE, Capability.SCHEMA_CHANGE, Capability.EXACTLY_ONCE);
  }

  @Override
  public List<Finding> check(List<Stream> streams) {
    List<Finding> findings = new ArrayList<>();
    findings.add(checkPath());
    try {
      ownership.readMarkers();
    } catch (IOException e) {
      // Each stream would only say the same again.
      findings.add(Finding.error("path", String.valueOf(e.getMessage()), ""));
      return findings;
    }
    for (Stream stream : streams) {
      try {
        String problem = problem(stream);
        if (!problem.isEmpty()) {
          findings.add(Finding.error(stream.name().toString(), problem, ""));
        }
      } catch (IOException e) {
        findings.add(Finding.error(stream.name().toString(), String.valueOf(e.getMessage()), ""));
      }
    }
    return findings;
  }

  @Override
  public SinkWriter openWriter(WriterContext context) throws IOException {
    Stream stream = context.stream();
    String destination = stream.destination();
    boolean replaces = context.mode() == WriteMode.REPLACE;
    if (!claimed.contains(destination)) {
      String problem = problem(stream);
      if (!problem.isEmpty()) {
        throw new IOException("stream " + stream.name() + ": " + problem);
      }
    }
    if (!replaces) {
      String problem = ownership.problemOfAdding(destination, context.generation()).orElse("");
      if (!problem.isEmpty()) {
        throw new IOException("stream " + stream.name() + ": " + problem);
      }
    }
    Path folder =
        replaces
            ? workspace.generation(destination, context.generation())
            : workspace.append(destination);
    Durable.createFolder(folder);
    claimed.add(destination);
    return new RowFileWriter(context, settings, workspace, folder, names);
  }

  @Override
  public SinkCommitter openCommitter() throws IOException {
    return new FileCommitter(workspace, placement);
  }

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
      Probe.write(path);
      Probe.write(workspace.work());
    } catch (IOException e) {
      return Finding.error("path", String.valueOf(e.getMessage()), "");
    }
    return Finding.ok("path", path + " can be written");
  }

  private String problem(Stream stream) throws IOException {
    String suffix = settings.oneFile() ? settings.compression().extension() : "";
    String name = FileNames.problem(stream.destination(), suffix).orElse("");
    if (!name.isEmpty()) {
      return name + "; give the stream another name with 'as'";
    }
    String collision = settings.rows().metadata().collision(stream.schema()).orElse("");
    return collision.isEmpty() ? ownership.problem(stream.destination()).orElse("") : collision;
  }
}
