package dev.tapline.files;

import static dev.tapline.files.json.JsonCodec.text;

import dev.tapline.spi.sink.Commit;
import dev.tapline.spi.sink.WriteMode;
import java.io.IOException;

/// What a commit of this sink says: a file that is complete, and where it belongs.
///
/// @param destination the stream's destination
/// @param version the version that its rows belong to
/// @param mode whether they are the version's own or were added to it
/// @param temporary where the file is, relative to the sink's path
/// @param name what it shall be called, relative to its destination's folder
public record PreparedFile(
    String destination, long version, WriteMode mode, String temporary, String name) {
  /// The commit that says it.
  public Commit toCommit() {
    return CommitCodec.write(json -> {
      json.writeStringProperty("destination", destination);
      json.writeNumberProperty("generation", version);
      json.writeStringProperty("mode", mode.name());
      json.writeStringProperty("from", temporary);
      json.writeStringProperty("to", name);
    });
  }

  /// What a commit says.
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
