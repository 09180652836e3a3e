package dev.tapline.files.objects;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// The operations that are needed of an object store. A call that returns is durable; one that
/// throws may have taken effect. Thread-safe.
public interface ObjectStore extends Closeable {
  /// A multipart upload, which is not visible until it is completed.
  ///
  /// @param key the key of the future object
  /// @param id the upload's id in the store
  record Upload(String key, String id) {}

  /// The address of the store, for messages and for tools: `s3://bucket`.
  String address();

  /// The text of an object, or empty if it does not exist.
  Optional<String> read(String key) throws IOException;

  /// Creates or replaces an object atomically.
  void write(String key, String text) throws IOException;

  /// Whether an object exists.
  boolean exists(String key) throws IOException;

  /// The keys of all objects with a prefix, sorted.
  default List<String> list(String prefix) throws IOException {
    return list(prefix, Integer.MAX_VALUE);
  }

  /// The first keys of objects with a prefix.
  List<String> list(String prefix, int most) throws IOException;

  /// Deletes an object, if it exists.
  void delete(String key) throws IOException;

  /// Starts an upload.
  Upload begin(String key) throws IOException;

  /// Uploads a part.
  ///
  /// @param number the number of the part, from 1
  /// @return the part's tag, needed to complete the upload
  String upload(Upload upload, int number, byte[] bytes, int length) throws IOException;

  /// Completes an upload: creates its object atomically.
  ///
  /// @return false if the store does not know the upload, or no longer
  boolean complete(Upload upload, List<String> tags) throws IOException;

  /// Aborts an upload, if it exists.
  void abort(Upload upload) throws IOException;

  /// The unfinished uploads to keys with a prefix.
  List<Upload> uploads(String prefix) throws IOException;
}
