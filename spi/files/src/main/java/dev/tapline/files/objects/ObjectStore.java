package dev.tapline.files.objects;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// What is wanted of an object store. A call that returns has happened for good; one that throws
/// may have happened. Safe for use by several threads.
public interface ObjectStore extends Closeable {
  /// An upload in parts, which nobody sees until it is completed.
  ///
  /// @param key the name of the object that it will be
  /// @param id what the store calls it
  record Upload(String key, String id) {}

  /// Where the objects are, for people and for the tools that read them: `s3://bucket`.
  String address();

  /// The text of an object, if there is one.
  Optional<String> read(String key) throws IOException;

  /// Puts an object in the place of the one there is, in one step.
  void write(String key, String text) throws IOException;

  /// Whether there is an object of this name.
  boolean exists(String key) throws IOException;

  /// The names of all objects that begin so, in their order.
  default List<String> list(String prefix) throws IOException {
    return list(prefix, Integer.MAX_VALUE);
  }

  /// The first names of objects that begin so.
  List<String> list(String prefix, int most) throws IOException;

  /// Deletes an object, if it is there.
  void delete(String key) throws IOException;

  /// Begins an upload.
  Upload begin(String key) throws IOException;

  /// Uploads a part.
  ///
  /// @param number counts from 1
  /// @return the tag by which the upload is completed
  String upload(Upload upload, int number, byte[] bytes, int length) throws IOException;

  /// Makes an object of an upload, in one step.
  ///
  /// @return false if the store knows no such upload, or no longer
  boolean complete(Upload upload, List<String> tags) throws IOException;

  /// Gives an upload up, if it is there.
  void abort(Upload upload) throws IOException;

  /// The uploads under way to names that begin so.
  List<Upload> uploads(String prefix) throws IOException;
}
