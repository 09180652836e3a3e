package dev.tapline.files.objects;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// A store whose client is killed just before or just after a request that changes something. All
/// later requests fail.
final class CrashingStore implements ObjectStore {
  /// Simulates the end of the process.
  static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private final ObjectStore store;
  private final int at;
  private int changes;
  private boolean dead;

  /// @param at the change to be killed at, counted by halves: even ones before it, odd ones after
  ///   it
  CrashingStore(ObjectStore store, int at) {
    this.store = store;
    this.at = at;
  }

  /// How many changes were begun.
  synchronized int changes() {
    return changes;
  }

  private interface Change<T> {
    T run() throws IOException;
  }

  private synchronized <T> T change(Change<T> change) throws IOException {
    live();
    int number = changes++;
    if (number * 2 == at) {
      dead = true;
      throw new Killed();
    }
    T result = change.run();
    if (number * 2 + 1 == at) {
      dead = true;
      throw new Killed();
    }
    return result;
  }

  private synchronized void live() {
    if (dead) {
      throw new Killed();
    }
  }

  @Override
  public String address() {
    return store.address();
  }

  @Override
  public Optional<String> read(String key) throws IOException {
    live();
    return store.read(key);
  }

  @Override
  public boolean exists(String key) throws IOException {
    live();
    return store.exists(key);
  }

  @Override
  public List<String> list(String prefix, int most) throws IOException {
    live();
    return store.list(prefix, most);
  }

  @Override
  public List<Upload> uploads(String prefix) throws IOException {
    live();
    return store.uploads(prefix);
  }

  @Override
  public void write(String key, String text) throws IOException {
    change(() -> {
      store.write(key, text);
      return "";
    });
  }

  @Override
  public void delete(String key) throws IOException {
    change(() -> {
      store.delete(key);
      return "";
    });
  }

  @Override
  public Upload begin(String key) throws IOException {
    return change(() -> store.begin(key));
  }

  @Override
  public String upload(Upload upload, int number, byte[] bytes, int length) throws IOException {
    return change(() -> store.upload(upload, number, bytes, length));
  }

  @Override
  public boolean complete(Upload upload, List<String> tags) throws IOException {
    return change(() -> store.complete(upload, tags));
  }

  @Override
  public void abort(Upload upload) throws IOException {
    change(() -> {
      store.abort(upload);
      return "";
    });
  }

  @Override
  public void close() throws IOException {
    store.close();
  }
}
