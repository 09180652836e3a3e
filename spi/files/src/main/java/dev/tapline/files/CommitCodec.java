package dev.tapline.files;

import dev.tapline.files.json.JsonCodec;
import dev.tapline.spi.sink.Commit;
import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// Commits whose payload is a JSON object.
public final class CommitCodec {
  private static final int VERSION = 1;

  private CommitCodec() {}

  /// A commit.
  ///
  /// @param properties writes what it says
  public static Commit write(Consumer<JsonGenerator> properties) {
    return new Commit(VERSION, JsonCodec.write(properties));
  }

  /// What a commit says.
  ///
  /// @param meaning makes something of its properties; it may throw [IllegalArgumentException]
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
