package dev.tapline.sink.jsonl.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.sink.jsonl.JsonLinesSinkProvider;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.config.Config;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkCommitter;
import dev.tapline.spi.sink.SinkContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriteProbeTest {
  @TempDir Path folder;

  @Test
  void leavesNothing() throws Exception {
    try (Sink sink = sink()) {
      assertThat(sink.check(List.of()))
          .extracting(Finding::severity)
          .containsOnly(Finding.Severity.OK);
    }

    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void isSweptAwayWhenTheProcessWasKilledInTheMiddle() throws Exception {
    Path left = Files.createFile(folder.resolve(".tapline-check-123.tmp"));
    Path work = Files.createDirectories(folder.resolve(".tapline/work/shop"));
    Files.createFile(work.resolve(".tapline-check-456.tmp"));
    Path own = Files.createFile(folder.resolve("somebody.tmp"));

    try (Sink sink = sink();
        SinkCommitter committer = sink.openCommitter()) {
      committer.sweep();
    }

    assertThat(left).doesNotExist();
    assertThat(work).doesNotExist();
    assertThat(own).exists();
  }

  private Sink sink() {
    JsonLinesSinkProvider provider = new JsonLinesSinkProvider();
    return provider.create(
        Config.of(provider.config(), Map.of("path", folder.toString())), new SinkContext("shop"));
  }
}
