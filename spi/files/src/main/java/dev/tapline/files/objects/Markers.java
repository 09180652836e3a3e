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

/// The markers of the pipelines that write below a prefix, and what they have under way. Read once:
/// the pipeline's own is then kept as it is written, and of others it only matters whose a
/// destination is. Safe for use by several threads.
final class Markers {
  private final ObjectStore store;
  private final ObjectKeys names;
  private final List<FileForm> forms;
  private final AtomicReference<@Nullable Marker> own = new AtomicReference<>();
  private final Map<String, Marker> others = new ConcurrentHashMap<>();
  private final NavigableSet<String> work = new ConcurrentSkipListSet<>();

  Markers(ObjectStore store, ObjectKeys names, List<FileForm> forms) {
    this.store = store;
    this.names = names;
    this.forms = forms;
  }

  /// What is said of a place that is no one's to write.
  String address() {
    return store.address() + "/" + names.prefix();
  }

  Marker own() throws IOException {
    Marker known = own.get();
    if (known != null) {
      return known;
    }
    // Whoever comes first reads; several that come at once read the same.
    loadOthers();
    Marker read = read(names.marker(), names.pipeline());
    Marker before = own.compareAndExchange(null, read);
    return before == null ? read : before;
  }

  /// For the committer alone.
  void write(Marker next) throws IOException {
    store.write(names.marker(), next.text(names.pipeline()));
    own.set(next);
  }

  /// Says that a version is being made.
  void begin(String destination, long version) throws IOException {
    if (!isUnderWay(destination, version)) {
      String key = names.work(destination, version) + "begun";
      store.write(key, "");
      work.add(key);
    }
  }

  boolean isUnderWay(String destination, long version) throws IOException {
    own();
    String folder = names.work(destination, version);
    String first = work.ceiling(folder);
    return first != null && first.startsWith(folder);
  }

  /// Forgets what was under way, after it was deleted.
  void forget(Collection<String> gone) {
    work.removeAll(gone);
  }

  /// Why a destination is another pipeline's.
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
    String tail = names.work(destination).substring(names.work().length());
    for (String key : work) {
      String place = key.substring(names.allWork().length());
      int slash = place.indexOf('/');
      if (!key.startsWith(names.work()) && place.startsWith(tail, slash + 1)) {
        return Optional.of(
            "pipeline '%s' is writing the destination '%s' in %s; give one of them another path, or remove %s/%s if that pipeline is gone"
                .formatted(
                    place.substring(0, slash), destination, address(), store.address(), key));
      }
    }
    return Optional.empty();
  }

  private void loadOthers() throws IOException {
    for (String key : store.list(names.markers())) {
      if (names.isMarker(key) && !key.equals(names.marker())) {
        String pipeline = names.pipelineOf(key);
        others.put(pipeline, read(key, pipeline));
      } else if (key.startsWith(names.allWork())) {
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
