package dev.tapline.files.objects;

import dev.tapline.files.objects.ObjectStore.Upload;
import java.io.IOException;
import java.util.List;
import java.util.UUID;

/// Tries whatever a run will ask of a store, as permissions are given for each kind of request.
/// Nothing of it stays.
final class ObjectProbe {
  private ObjectProbe() {}

  /// @throws IOException with the reason why it cannot be done
  static void run(ObjectStore store, ObjectKeys names) throws IOException {
    String key = names.probes() + UUID.randomUUID() + ".tmp";
    store.list(names.probes(), 1);
    store.uploads(names.probes());
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
