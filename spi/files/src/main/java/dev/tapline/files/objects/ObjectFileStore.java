package dev.tapline.files.objects;

import dev.tapline.files.FileForm;
import dev.tapline.files.FileNames;
import dev.tapline.files.FileStore;
import dev.tapline.files.Marker;
import dev.tapline.files.Staging;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.sink.SinkCommitter;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.spi.sink.WriterContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Stores files in an object store.
public final class ObjectFileStore implements FileStore {
  private final ObjectStore store;
  private final ObjectKeys keys;
  private final Markers markers;
  private final Options options;
  private final StreamProblem problemOf;
  private final Set<String> claimed = ConcurrentHashMap.newKeySet();

  /// How files are kept.
  ///
  /// @param form the form in which destinations are written
  /// @param forms all forms that the sink has
  /// @param partSize the size of the parts of an upload
  /// @param successMarker whether complete versions get an object `_SUCCESS`
  public record Options(FileForm form, List<FileForm> forms, int partSize, boolean successMarker) {
    /// Copies the list.
    public Options {
      forms = List.copyOf(forms);
    }
  }

  /// Creates a store; nothing is read or written yet.
  ///
  /// @param prefix the prefix of all keys; empty, or without a trailing slash
  /// @param pipeline the name of the pipeline
  /// @param problemOf checks whether the sink can write a stream
  public ObjectFileStore(
      ObjectStore store, String prefix, String pipeline, Options options, StreamProblem problemOf) {
    this.store = store;
    this.keys = new ObjectKeys(prefix.isEmpty() ? "" : prefix + "/", pipeline);
    this.markers = new Markers(store, keys, options.forms());
    this.options = options;
    this.problemOf = problemOf;
  }

  @Override
  public List<Finding> check(List<Stream> streams) {
    List<Finding> findings = new ArrayList<>();
    try {
      ObjectProbe.run(store, keys);
      findings.add(
          Finding.ok("path", markers.address() + " can be written: uploads, completes, deletes"));
      markers.own();
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
    Marker.Destination before = markers.own().destination(destination);
    boolean toNewVersion =
        replaces
            || (context.version() > before.version()
                && markers.isUnderWay(destination, context.version()));
    if (problem.isEmpty() && !toNewVersion) {
      problem = before.problemOfAdding(options.form());
    }
    if (problem.isPresent()) {
      throw new IOException("stream " + stream.name() + ": " + problem.get());
    }
    if (replaces) {
      markers.begin(destination, context.version());
    }
    claimed.add(destination);
    long version = toNewVersion ? context.version() : before.version();
    return new ObjectStaging(
        store, destination, version, keys.version(destination, version), options.partSize());
  }

  @Override
  public SinkCommitter committer() {
    return new ObjectCommitter(store, keys, markers, options.form(), options.successMarker());
  }

  @Override
  public void close() throws IOException {
    store.close();
  }

  private Optional<String> problem(Stream stream) throws IOException {
    Optional<String> name = FileNames.problem(stream.destination(), "");
    if (name.isPresent()) {
      return name;
    }
    Optional<String> content = problemOf.of(stream);
    if (content.isPresent()) {
      return content;
    }
    Optional<String> other = markers.otherPipeline(stream.destination());
    return other.isPresent() ? other : foreignData(stream.destination());
  }

  // The key tells whether this pipeline has written an object, so the first ones suffice.
  private Optional<String> foreignData(String destination) throws IOException {
    if (markers.own().destinations().containsKey(destination)) {
      return Optional.empty();
    }
    for (String key : store.list(keys.destination(destination), 2)) {
      if (!key.equals(keys.pointer(destination)) && keys.versionOf(key, destination).isEmpty()) {
        return Optional.of(
            "%s/%s exists and pipeline '%s' has not written it; remove it, or set sink.path to another prefix"
                .formatted(store.address(), key, keys.pipeline()));
      }
    }
    return Optional.empty();
  }
}
