package dev.tapline.sink.jsonl.singer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReverseLineReaderTest {
  private static final String TEXT = "\n\nfirst\nzweite Zeile: äöü\n\n  \nlast, without an end";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 16, 1000})
  void readsBackwardsWhateverTheChunk(int chunk) throws Exception {
    Path file = Files.writeString(folder.resolve("lines"), TEXT);
    List<String> read = new ArrayList<>();
    try (ReverseLineReader lines = new ReverseLineReader(file, chunk)) {
      for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
        read.add(line.get());
      }
    }
    assertThat(read).containsExactly("last, without an end", "zweite Zeile: äöü", "first");
  }
}
