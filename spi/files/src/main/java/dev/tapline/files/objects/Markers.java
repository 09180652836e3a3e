package dev.tapline.files.objects;

import dev.tapline.files.FileForm;
import dev.tapline.files.Marker;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The markers of all pipelines below a prefix, and their unfinished versions. They are read once:
/// the pipeline's own marker is then kept as written, and the others only tell who owns a
/// destination. Thread-safe.
final class Markers {
  private final ObjectStore store;
  private final ObjectKeys keys;
  private final List<FileForm> forms;
  private final AtomicReference<@Nullable Marker> own = new AtomicReference<>();
  private final Map<String, Marker> others = new ConcurrentHashMap<>();
  private final NavigableSet<String> work = new ConcurrentSkipListSet<>();

  Markers(ObjectStore store, ObjectKeys keys, List<FileForm> forms) {
    this.store = store;
    this.keys = keys;
    this.forms = forms;
  }

  /// The sink's address, for messages.
  String address() {
    return store.address() + "/" + keys.prefix();
  }

  Marker own() throws IOException {
    Marker known = own.get();
    if (known != null) {
      return known;
    }
    // Concurrent first calls read the same.
    loadOthers();
    Marker read = read(keys.marker(), keys.pipeline());
    Marker before = own.compareAndExchange(null, read);
    return before == null ? read : before;
  }

  /// Writes the own marker; only called by the committer.
  void write(Marker next) throws IOException {
    store.write(keys.marker(), next.text(keys.pipeline()));
    own.set(next);
  }

  /// Records that a version has been started.
  void begin(String destination, long version) throws IOException {
    if (!isUnderWay(destination, version)) {
      String key = keys.work(destination, version) + "begun";
      store.write(key, "");
      work.add(key);
    }
  }

  boolean isUnderWay(String destination, long version) throws IOException {
    own();
    String folder = keys.work(destination, version);
    String first = work.ceiling(folder);
    return first != null && first.startsWith(folder);
  }

  /// Forgets unfinished work that was deleted.
  void forget(Collection<String> gone) {
    work.removeAll(gone);
  }

  /// Why a destination belongs to another pipeline, or empty.
  Optional<String> otherPipeline(String destination) throws IOException {
    own();
    for (Map.Entry<String, Marker> other : others.entrySet()) {
      if (other.getValue().destinations().containsKey(destination)) {
        return Optional.of(
            ("pipeline '%s' writes the destination '%s' in %s; if this is that pipeline, run it under the name it had (name: %s);"
                    + " if not, set sink.path to another prefix or give the stream another name with 'as';"
                    + " if that pipeline is no more, remove its marker %s.tapline/%s.json and what it has written")
                .formatted(
                    other.getKey(),
                    destination,
                    address(),
                    other.getKey(),
                    address(),
                    other.getKey()));
      }
    }
    String tail = keys.work(destination).substring(keys.work().length());
    for (String key : work) {
      String path = key.substring(keys.allWork().length());
      int slash = path.indexOf('/');
      if (!key.startsWith(keys.work()) && path.startsWith(tail, slash + 1)) {
        return Optional.of(
            "pipeline '%s' is writing the destination '%s' in %s; give one of them another path, or remove %s/%s if that pipeline is gone"
                .formatted(path.substring(0, slash), destination, address(), store.address(), key));
      }
    }
    return Optional.empty();
  }

  private void loadOthers() throws IOException {
    for (String key : store.list(keys.markers())) {
      if (keys.isMarker(key) && !key.equals(keys.marker())) {
        String pipeline = keys.pipelineOf(key);
        others.put(pipeline, read(key, pipeline));
      } else if (key.startsWith(keys.allWork())) {
        work.add(key);
      }
    }
  }

  private Marker read(String key, String pipeline) throws IOException {
    Optional<String> text = store.read(key);
    return text.isEmpty()
        ? Marker.NONE
        : Marker.read(text.get(), pipeline, forms, store.address() + "/" + key, address());
  }
}
