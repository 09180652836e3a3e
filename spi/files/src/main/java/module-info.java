import org.jspecify.annotations.NullMarked;

/// For sinks of files: two-phase commit with nothing but renames, or with the multipart uploads of
/// an object store. A plug-in that uses it brings it along in its folder.
@NullMarked
module dev.tapline.files {
  requires transitive dev.tapline.spi;
  requires static org.jspecify;
  requires org.slf4j;
  requires tools.jackson.core;

  exports dev.tapline.files;
  exports dev.tapline.files.json;
  exports dev.tapline.files.objects;
  exports dev.tapline.files.text;
}
