package dev.tapline.sink.jsonl.singer;

import dev.tapline.files.json.JsonCodec;
import dev.tapline.spi.catalog.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The file with a target's output: a line for each STATE that it has processed, of which the last
/// counts; or a single state as a document.
///
/// A line that is not a state is skipped with a warning: a target that was killed may leave half a
/// line, and the state before it is only an earlier one.
final class TargetStateFile {
  private static final Logger LOG = LoggerFactory.getLogger("state");
  private static final long MAX_DOCUMENT_SIZE = 16L << 20;

  private final Path file;

  TargetStateFile(Path file) {
    this.file = file;
  }

  /// Its name in messages.
  String name() {
    return "the file '" + file + "' (target-state)";
  }

  /// Checks whether it can be read.
  List<Finding> check() {
    try {
      if (!Files.exists(file)) {
        return List.of(
            Finding.ok(
                "target-state", "'" + file + "' is not there yet: every stream begins anew"));
      }
      int streams = new SingerState(find(false).orElse(Map.of())).state().streams().size();
      return List.of(
          Finding.ok(
              "target-state", "'%s' has the positions of %d streams".formatted(file, streams)));
    } catch (IOException e) {
      return List.of(Finding.error("target-state", "'%s': %s".formatted(file, e.getMessage()), ""));
    }
  }

  /// The value of the last STATE, or empty if there is none yet.
  ///
  /// @throws IOException if the file cannot be read or holds something else
  Optional<Map<String, @Nullable Object>> read() throws IOException {
    if (!Files.exists(file)) {
      LOG.info("target-state: there is no file '{}' yet, so every stream begins anew", file);
      return Optional.empty();
    }
    try {
      return find(true);
    } catch (IOException e) {
      throw new IOException(
          "target-state: '%s' cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  private Optional<Map<String, @Nullable Object>> find(boolean say) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException("it is a folder; name the file");
    }
    int passed = 0;
    try (ReverseLineReader lines = new ReverseLineReader(file)) {
      for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
        Optional<Map<String, @Nullable Object>> state = state(line.get());
        if (state.isEmpty() && passed == 0) {
          state = document();
        } else if (passed > 0 && say && state.isPresent()) {
          LOG.warn(
              "target-state: the last {} of '{}' is no state, perhaps cut short; the state before it counts",
              passed == 1 ? "line" : passed + " lines",
              file);
        }
        if (state.isPresent()) {
          return state;
        }
        passed++;
      }
    }
    if (passed > 0) {
      throw new IOException(
          "it holds no state of a Singer target, which is a line of JSON with 'bookmarks'; name the right file, or one that is not there yet to let every stream begin anew");
    }
    if (say) {
      LOG.warn(
          "target-state: the file '{}' is empty, so every stream begins anew; if your shell has emptied it, append to it instead: '>> {}'",
          file,
          file);
    }
    return Optional.empty();
  }

  private Optional<Map<String, @Nullable Object>> document() throws IOException {
    return Files.size(file) > MAX_DOCUMENT_SIZE
        ? Optional.empty()
        : state(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.UTF_8));
  }

  // Meltano's 'state get' wraps it in singer_state; a tap's output has whole messages.
  private static Optional<Map<String, @Nullable Object>> state(String text) {
    Map<String, @Nullable Object> object;
    try {
      object = JsonCodec.read(text);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    if (object.isEmpty() || object.get("bookmarks") instanceof Map<?, ?>) {
      return Optional.of(object);
    }
    String inner = "STATE".equals(object.get("type")) ? "value" : "singer_state";
    return object.get(inner) instanceof Map<?, ?> state
        ? Optional.of(JsonCodec.asObject(state))
        : Optional.empty();
  }
}
