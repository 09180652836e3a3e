package dev.tapline.files.objects;

import static dev.tapline.files.json.JsonCodec.text;

import dev.tapline.files.CommitCodec;
import dev.tapline.files.objects.ObjectStore.Upload;
import dev.tapline.spi.sink.Commit;
import java.io.IOException;
import java.util.List;

/// The content of a commit: an upload all of whose parts are uploaded.
///
/// @param destination the stream's destination
/// @param version the version that its rows belong to
/// @param upload the upload to complete
/// @param tags the tags of its parts
record PreparedUpload(String destination, long version, Upload upload, List<String> tags) {
  private static final String SEPARATOR = " ";

  PreparedUpload {
    tags = List.copyOf(tags);
  }

  Commit toCommit() {
    return CommitCodec.write(json -> {
      json.writeStringProperty("destination", destination);
      json.writeNumberProperty("version", version);
      json.writeStringProperty("object", upload.key());
      json.writeStringProperty("upload", upload.id());
      json.writeStringProperty("parts", String.join(SEPARATOR, tags));
    });
  }

  static PreparedUpload of(Commit commit) throws IOException {
    return CommitCodec.read(
        commit,
        values ->
            new PreparedUpload(
                text(values, "destination"),
                Long.parseLong(text(values, "version")),
                new Upload(text(values, "object"), text(values, "upload")),
                List.of(text(values, "parts").split(SEPARATOR, -1))));
  }

  /// Its file name within the version.
  String fileName() {
    return upload.key().substring(upload.key().lastIndexOf('/') + 1);
  }
}
