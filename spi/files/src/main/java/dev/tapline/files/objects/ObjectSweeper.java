package dev.tapline.files.objects;

import dev.tapline.files.objects.ObjectStore.Upload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Removes leftovers of killed runs of a pipeline: uploads that no commit will complete, and
/// unfinished versions.
///
/// Of unfinished versions it keeps the latest that has committed files, since the engine may resume
/// it.
final class ObjectSweeper {
  private final ObjectStore store;
  private final ObjectKeys keys;
  private final Markers markers;

  ObjectSweeper(ObjectStore store, ObjectKeys keys, Markers markers) {
    this.store = store;
    this.keys = keys;
    this.markers = markers;
  }

  void sweep() throws IOException {
    Set<Upload> kept = new HashSet<>();
    List<String> gone = new ArrayList<>(store.list(keys.probes()));
    Map<String, Long> live = new HashMap<>();
    for (String destination : markers.own().destinations().keySet()) {
      live.put(keys.work(destination), markers.own().destination(destination).version());
    }
    Map<String, List<String>> work = new HashMap<>();
    for (String key : store.list(keys.work())) {
      String destination = key.substring(0, key.indexOf('/', keys.work().length()) + 1);
      work.computeIfAbsent(destination, name -> new ArrayList<>()).add(key);
    }
    for (Map.Entry<String, List<String>> destination : work.entrySet()) {
      long visible = live.getOrDefault(destination.getKey(), 0L);
      long latest =
          destination.getValue().stream()
              .filter(ObjectCommitter::isRecord)
              .mapToLong(keys::versionOfWork)
              .filter(version -> version > visible)
              .max()
              .orElse(Long.MAX_VALUE);
      for (String key : destination.getValue()) {
        if (keys.versionOfWork(key) != latest) {
          gone.add(key);
        } else if (ObjectCommitter.isRecord(key)) {
          kept.add(ObjectCommitter.waiting(store, key).upload());
        }
      }
    }
    List<Upload> leftovers = new ArrayList<>(store.uploads(keys.probes()));
    for (Upload upload : store.uploads(keys.prefix())) {
      if (keys.versionOf(upload.key()).isPresent() && !kept.contains(upload)) {
        leftovers.add(upload);
      }
    }
    ParallelRequests.forEach(leftovers, store::abort);
    ParallelRequests.forEach(gone, store::delete);
    markers.forget(gone);
  }
}
