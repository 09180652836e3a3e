package dev.tapline.files.objects;

import dev.tapline.files.FileNames;
import java.util.OptionalLong;

/// The keys of objects:
///
/// ```
/// orders/_current                     which folder holds the version that counts
/// orders/shop-7/                      version 7, as the pipeline 'shop' has written it
/// .tapline/shop.json                  the marker of the pipeline 'shop'
/// .tapline/work/shop/orders/8/        version 8, while it is being made: uploads that wait for it
/// ```
///
/// @param prefix the prefix of all keys; empty, or with a trailing slash
/// @param pipeline the name of the pipeline
record ObjectKeys(String prefix, String pipeline) {
  private static final String HIDDEN = ".tapline/";
  private static final String MARKER_EXTENSION = ".json";
  private static final String PROBE = HIDDEN + "check-";

  String markers() {
    return prefix + HIDDEN;
  }

  String marker() {
    return markers() + pipeline + MARKER_EXTENSION;
  }

  boolean isMarker(String key) {
    return key.endsWith(MARKER_EXTENSION) && key.indexOf('/', markers().length()) < 0;
  }

  String pipelineOf(String marker) {
    return marker.substring(markers().length(), marker.length() - MARKER_EXTENSION.length());
  }

  String probes() {
    return prefix + PROBE;
  }

  String allWork() {
    return markers() + "work/";
  }

  String work() {
    return allWork() + pipeline + "/";
  }

  String work(String destination) {
    return work() + FileNames.encode(destination) + "/";
  }

  String work(String destination, long version) {
    return work(destination) + version + "/";
  }

  /// The version of an object in the pipeline's work.
  long versionOfWork(String key) {
    String[] parts = key.substring(work().length()).split("/", -1);
    return Long.parseLong(parts[1]);
  }

  String destination(String destination) {
    return prefix + FileNames.encode(destination) + "/";
  }

  String pointer(String destination) {
    return destination(destination) + "_current";
  }

  String version(String destination, long version) {
    return destination(destination) + pipeline + "-" + version + "/";
  }

  /// The version of an object of a destination, if this pipeline has written it.
  OptionalLong versionOf(String key, String destination) {
    return version(key, destination(destination).length());
  }

  /// The version of an object of any destination, if this pipeline has written it.
  OptionalLong versionOf(String key) {
    int slash = key.indexOf('/', prefix.length());
    return slash < 0 ? OptionalLong.empty() : version(key, slash + 1);
  }

  private OptionalLong version(String key, int from) {
    int to = key.indexOf('/', from);
    String owner = pipeline + "-";
    if (to < 0 || !key.startsWith(owner, from)) {
      return OptionalLong.empty();
    }
    String digits = key.substring(from + owner.length(), to);
    return digits.matches("\\d{1,18}")
        ? OptionalLong.of(Long.parseLong(digits))
        : OptionalLong.empty();
  }
}
