package dev.tapline.files;

import static dev.tapline.files.json.JsonCodec.text;

import dev.tapline.spi.sink.Commit;
import dev.tapline.spi.sink.WriteMode;
import java.io.IOException;

/// The content of a commit: a complete file, and where it belongs.
///
/// @param destination the stream's destination
/// @param version the version that its rows belong to
/// @param mode whether the rows replace the version or are appended to it
/// @param temporary the file's path, relative to the sink's path
/// @param name its final name, relative to the destination's folder
public record PreparedFile(
    String destination, long version, WriteMode mode, String temporary, String name) {
  /// Writes it as a commit.
  public Commit toCommit() {
    return CommitCodec.write(json -> {
      json.writeStringProperty("destination", destination);
      json.writeNumberProperty("generation", version);
      json.writeStringProperty("mode", mode.name());
      json.writeStringProperty("from", temporary);
      json.writeStringProperty("to", name);
    });
  }

  /// Reads it from a commit.
  public static PreparedFile of(Commit commit) throws IOException {
    return CommitCodec.read(
        commit,
        values ->
            new PreparedFile(
                text(values, "destination"),
                Long.parseLong(text(values, "generation")),
                WriteMode.valueOf(text(values, "mode")),
                text(values, "from"),
                text(values, "to")));
  }
}
