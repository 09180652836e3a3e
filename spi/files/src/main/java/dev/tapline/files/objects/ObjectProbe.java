package dev.tapline.files.objects;

import dev.tapline.files.objects.ObjectStore.Upload;
import java.io.IOException;
import java.util.List;
import java.util.UUID;

/// Tries each kind of request that a run needs, since each has its own permission. Removes what it
/// creates.
final class ObjectProbe {
  private ObjectProbe() {}

  /// @throws IOException with the reason if it fails
  static void run(ObjectStore store, ObjectKeys keys) throws IOException {
    String key = keys.probes() + UUID.randomUUID() + ".tmp";
    store.list(keys.probes(), 1);
    store.uploads(keys.probes());
    Upload given = store.begin(key);
    store.upload(given, 1, new byte[] {'\n'}, 1);
    store.abort(given);
    Upload upload = store.begin(key);
    boolean completed = false;
    try {
      String tag = store.upload(upload, 1, new byte[] {'\n'}, 1);
      completed = store.complete(upload, List.of(tag));
      if (!completed || !store.exists(key) || store.read(key).isEmpty()) {
        throw new IOException(
            "%s/%s was uploaded in parts and completed, and is not there; does the store know multipart uploads?"
                .formatted(store.address(), key));
      }
    } finally {
      if (!completed) {
        store.abort(upload);
      }
      store.delete(key);
    }
  }
}
