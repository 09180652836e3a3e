package dev.tapline.files;

import dev.tapline.files.json.JsonCodec;
import dev.tapline.spi.sink.Commit;
import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// Writes and reads commits whose payload is a JSON object.
public final class CommitCodec {
  private static final int VERSION = 1;

  private CommitCodec() {}

  /// Creates a commit.
  ///
  /// @param properties writes the properties of the payload
  public static Commit write(Consumer<JsonGenerator> properties) {
    return new Commit(VERSION, JsonCodec.write(properties));
  }

  /// Reads a commit.
  ///
  /// @param meaning converts the properties of the payload; it may throw [IllegalArgumentException]
  public static <T> T read(Commit commit, Function<Map<String, @Nullable Object>, T> meaning)
      throws IOException {
    if (commit.version() != VERSION) {
      throw new IOException(
          "a commit of version %d comes from a later release of this sink, which this one cannot finish; run that release once more"
              .formatted(commit.version()));
    }
    try {
      return meaning.apply(JsonCodec.read(commit.payload()));
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "the commit " + commit.payload() + " is not one of this sink: " + e.getMessage(), e);
    }
  }
}
