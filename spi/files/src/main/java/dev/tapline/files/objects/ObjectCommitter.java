package dev.tapline.files.objects;

import dev.tapline.files.FileForm;
import dev.tapline.files.Marker;
import dev.tapline.spi.sink.Checkpoint;
import dev.tapline.spi.sink.Checkpoint.TableReplacement;
import dev.tapline.spi.sink.Commit;
import dev.tapline.spi.sink.SinkCommitter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/// Makes uploads visible by completing them. Uploads of a version that is not visible yet stay
/// uncompleted until it is.
///
/// The order of steps makes a commit repeatable: uploads are completed, pointers set, the marker is
/// written, and only then is deleted what a repeated attempt would need.
final class ObjectCommitter implements SinkCommitter {
  private static final String RECORD = ".json";
  private static final int RECORD_VERSION = 1;

  private final ObjectStore store;
  private final ObjectKeys keys;
  private final Markers markers;
  private final FileForm form;
  private final boolean successMarker;

  ObjectCommitter(
      ObjectStore store, ObjectKeys keys, Markers markers, FileForm form, boolean successMarker) {
    this.store = store;
    this.keys = keys;
    this.markers = markers;
    this.form = form;
    this.successMarker = successMarker;
  }

  @Override
  public OptionalLong lastCheckpoint() throws IOException {
    long last = markers.own().checkpoint();
    return last == 0 ? OptionalLong.empty() : OptionalLong.of(last);
  }

  @Override
  public long highestVersion() throws IOException {
    return markers.own().highestVersion();
  }

  @Override
  public void commit(Checkpoint checkpoint) throws IOException {
    Marker before = markers.own();
    before.requireNotBefore(checkpoint.number(), store.address() + "/" + keys.marker());
    if (checkpoint.number() > before.checkpoint()) {
      publish(checkpoint, before);
    }
    ParallelRequests.forEach(
        checkpoint.replacements(),
        replacement -> deleteVersionsBefore(replacement.destination(), replacement.version()));
  }

  @Override
  public void sweep() throws IOException {
    new ObjectSweeper(store, keys, markers).sweep();
  }

  @Override
  public void close() {}

  /// Reads the record of an uncompleted upload.
  static PreparedUpload waiting(ObjectStore store, String key) throws IOException {
    Optional<String> text = store.read(key);
    if (text.isEmpty()) {
      throw new IOException(
          "%s/%s was there and is gone: does another process write there?"
              .formatted(store.address(), key));
    }
    return PreparedUpload.of(new Commit(RECORD_VERSION, text.get()));
  }

  static boolean isRecord(String key) {
    return key.endsWith(RECORD);
  }

  private void publish(Checkpoint checkpoint, Marker before) throws IOException {
    Map<String, Marker.Destination> after = new TreeMap<>(before.destinations());
    Map<String, List<PreparedUpload>> added = new LinkedHashMap<>();
    List<PreparedUpload> waiting = new ArrayList<>();
    List<PreparedUpload> now = new ArrayList<>();
    for (Commit commit : checkpoint.allCommits()) {
      PreparedUpload upload = PreparedUpload.of(commit);
      form.requireFile(upload.fileName(), upload.destination());
      String destination = upload.destination();
      if (upload.version() > before.destination(destination).version()
          && markers.isUnderWay(destination, upload.version())) {
        (isReplaced(upload, checkpoint) ? now : waiting).add(upload);
        after.putIfAbsent(destination, Marker.Destination.NONE);
      } else {
        before.requireForm(destination, form);
        added.computeIfAbsent(destination, name -> new ArrayList<>()).add(upload);
      }
    }
    ParallelRequests.forEach(
        waiting,
        upload ->
            store.write(
                keys.work(upload.destination(), upload.version()) + upload.fileName() + RECORD,
                upload.toCommit().payload()));
    for (Map.Entry<String, List<PreparedUpload>> entry : added.entrySet()) {
      Marker.Destination known = before.destination(entry.getKey());
      ParallelRequests.forEach(entry.getValue(), this::complete);
      if (known.forms().isEmpty()) {
        point(entry.getKey(), known.version());
      }
      after.put(entry.getKey(), new Marker.Destination(known.version(), 0, form));
    }
    ParallelRequests.forEach(now, this::complete);
    ParallelRequests.forEach(
        checkpoint.replacements(),
        replacement -> replace(replacement.destination(), replacement.version()));
    for (TableReplacement replacement : checkpoint.replacements()) {
      after.put(replacement.destination(), new Marker.Destination(replacement.version(), 0, form));
    }
    markers.write(new Marker(checkpoint.number(), new TreeMap<>(after)));
  }

  private static boolean isReplaced(PreparedUpload upload, Checkpoint checkpoint) {
    return checkpoint.replacements().stream()
        .anyMatch(replacement ->
            replacement.destination().equals(upload.destination())
                && replacement.version() == upload.version());
  }

  private void replace(String destination, long version) throws IOException {
    List<String> records =
        store.list(keys.work(destination, version)).stream()
            .filter(ObjectCommitter::isRecord)
            .toList();
    ParallelRequests.forEach(records, key -> complete(waiting(store, key)));
    if (successMarker) {
      store.write(keys.version(destination, version) + "_SUCCESS", "");
    }
    point(destination, version);
  }

  private void point(String destination, long version) throws IOException {
    store.write(
        keys.pointer(destination), store.address() + "/" + keys.version(destination, version));
  }

  private void complete(PreparedUpload prepared) throws IOException {
    if (!store.complete(prepared.upload(), prepared.tags())
        && !store.exists(prepared.upload().key())) {
      throw new IOException(
          ("the upload of %s/%s is gone, and has not become an object either: was it aborted, as by a rule of the"
                  + " bucket for incomplete uploads? Reset the stream to load it anew")
              .formatted(store.address(), prepared.upload().key()));
    }
  }

  private void deleteVersionsBefore(String destination, long version) throws IOException {
    List<String> gone = new ArrayList<>();
    for (String key : store.list(keys.destination(destination))) {
      OptionalLong other = keys.versionOf(key, destination);
      if (other.isPresent() && other.getAsLong() < version) {
        gone.add(key);
      }
    }
    for (String key : store.list(keys.work(destination))) {
      if (keys.versionOfWork(key) <= version) {
        gone.add(key);
      }
    }
    ParallelRequests.forEach(gone, store::delete);
    markers.forget(gone);
  }
}
