package dev.tapline.files.objects;

import dev.tapline.files.objects.ObjectStore.Upload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Removes what killed runs of a pipeline have left: uploads that no commit will name, and versions
/// that were being made.
///
/// Of those it keeps the latest that has files committed to it: the engine may go on with it.
final class ObjectSweeper {
  private final ObjectStore store;
  private final ObjectKeys names;
  private final Markers markers;

  ObjectSweeper(ObjectStore store, ObjectKeys names, Markers markers) {
    this.store = store;
    this.names = names;
    this.markers = markers;
  }

  void sweep() throws IOException {
    Set<Upload> kept = new HashSet<>();
    List<String> gone = new ArrayList<>(store.list(names.probes()));
    Map<String, Long> live = new HashMap<>();
    for (String destination : markers.own().destinations().keySet()) {
      live.put(names.work(destination), markers.own().destination(destination).version());
    }
    Map<String, List<String>> work = new HashMap<>();
    for (String key : store.list(names.work())) {
      String destination = key.substring(0, key.indexOf('/', names.work().length()) + 1);
      work.computeIfAbsent(destination, name -> new ArrayList<>()).add(key);
    }
    for (Map.Entry<String, List<String>> destination : work.entrySet()) {
      long visible = live.getOrDefault(destination.getKey(), 0L);
      long latest =
          destination.getValue().stream()
              .filter(ObjectCommitter::isRecord)
              .mapToLong(names::versionOfWork)
              .filter(version -> version > visible)
              .max()
              .orElse(Long.MAX_VALUE);
      for (String key : destination.getValue()) {
        if (names.versionOfWork(key) != latest) {
          gone.add(key);
        } else if (ObjectCommitter.isRecord(key)) {
          kept.add(ObjectCommitter.waiting(store, key).upload());
        }
      }
    }
    List<Upload> leftovers = new ArrayList<>(store.uploads(names.probes()));
    for (Upload upload : store.uploads(names.prefix())) {
      if (names.versionOf(upload.key()).isPresent() && !kept.contains(upload)) {
        leftovers.add(upload);
      }
    }
    ParallelRequests.forEach(leftovers, store::abort);
    ParallelRequests.forEach(gone, store::delete);
    markers.forget(gone);
  }
}
