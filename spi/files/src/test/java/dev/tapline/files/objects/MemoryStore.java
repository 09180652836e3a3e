package dev.tapline.files.objects;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A store in memory, as the real ones behave.
final class MemoryStore implements ObjectStore {
  private final SortedMap<String, String> objects = new TreeMap<>();
  private final Map<Upload, SortedMap<Integer, String>> uploads =
      new TreeMap<>(java.util.Comparator.comparing(Upload::id));
  private int ids;

  @Override
  public String address() {
    return "memory://lake";
  }

  @Override
  public synchronized Optional<String> read(String key) {
    return Optional.ofNullable(objects.get(key));
  }

  @Override
  public synchronized void write(String key, String text) {
    objects.put(key, text);
  }

  @Override
  public synchronized boolean exists(String key) {
    return objects.containsKey(key);
  }

  @Override
  public synchronized List<String> list(String prefix, int most) {
    return objects.keySet().stream().filter(key -> key.startsWith(prefix)).limit(most).toList();
  }

  @Override
  public synchronized void delete(String key) {
    objects.remove(key);
  }

  @Override
  public synchronized Upload begin(String key) {
    Upload upload = new Upload(key, "upload-%03d".formatted(ids++));
    uploads.put(upload, new TreeMap<>());
    return upload;
  }

  @Override
  public synchronized String upload(Upload upload, int number, byte[] bytes, int length) {
    String text = new String(Arrays.copyOf(bytes, length), StandardCharsets.UTF_8);
    uploads.get(upload).put(number, text);
    return "tag-" + number;
  }

  @Override
  public synchronized boolean complete(Upload upload, List<String> tags) {
    SortedMap<Integer, String> parts = uploads.remove(upload);
    if (parts == null) {
      return false;
    }
    List<String> expected = new ArrayList<>();
    parts.keySet().forEach(number -> expected.add("tag-" + number));
    if (!expected.equals(tags)) {
      throw new IllegalArgumentException(tags + " are not the tags of " + parts);
    }
    objects.put(upload.key(), String.join("", parts.values()));
    return true;
  }

  @Override
  public synchronized void abort(Upload upload) {
    uploads.remove(upload);
  }

  @Override
  public synchronized List<Upload> uploads(String prefix) {
    return uploads.keySet().stream().filter(upload -> upload.key().startsWith(prefix)).toList();
  }

  @Override
  public void close() {}
}
