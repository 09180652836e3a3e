package dev.tapline.cli.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.cli.runs.KeptRun.State;
import dev.tapline.engine.select.NamePattern;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogTailTest {
  @TempDir Path folder;

  private KeptRun run() {
    return new KeptRun("a-run", folder, Instant.EPOCH, State.RUNNING, Optional.empty(), "");
  }

  private void write(String text) throws Exception {
    Files.writeString(
        folder.resolve("extraction.log"),
        text,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private void putAside() throws Exception {
    Files.move(
        folder.resolve("extraction.log"),
        folder.resolve("extraction.1.log"),
        StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void readsOnFromOneFileToTheNextAndEachLineOnce() throws Exception {
    write("one\n");
    putAside();
    write("two\nthr");
    List<String> lines = new ArrayList<>();
    try (LogTail tail = new LogTail(run())) {
      tail.read(lines::add);
      assertThat(lines).containsExactly("one", "two");
      write("ee\nfour\n");
      putAside();
      write("five é\n");
      tail.read(lines::add);
      assertThat(lines).containsExactly("one", "two", "three", "four", "five é");
      tail.read(lines::add);
      write("si");
      tail.read(lines::add);
      assertThat(lines).hasSize(5);
      assertThat(tail.rest()).isEqualTo("si");
    }
  }

  @Test
  void aLogThatIsNotThereYetIsReadOnceItIs() throws Exception {
    List<String> lines = new ArrayList<>();
    try (LogTail tail = new LogTail(run())) {
      tail.read(lines::add);
      write("one\n");
      tail.read(lines::add);
    }
    assertThat(lines).containsExactly("one");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "public.a  | stream public.a: done             |                | true",
        "public.a  | stream public.ab: done            |                | false",
        "public.a  | 12 splits                         | public.a       | true",
        "public.a  | 12 splits                         | crm.public.a   | true",
        "shop.public.a | stream crm.public.a: done     |                | false",
        "shop.public.a | stream public.a: done         |                | true",
        "public.b  | 3 streams (public.a, public.b and 7 more): gone |  | true",
        "public.c  | 2 streams (public.a, public.b): gone |             | false",
        "public.*  | pipeline shop: run begins         |                | false"
      })
  void aLineIsAboutTheStreamsThatItNames(
      String pattern, String message, String stream, boolean about) {
    String text =
        "{\"time\":\"2026-11-30T02:10:46Z\",\"level\":\"INFO\"%s,\"message\":\"%s\"}"
            .formatted(stream == null ? "" : ",\"stream\":\"" + stream + "\"", message);
    LogLine line = LogLine.of(text).orElseThrow();
    assertThat(line.isAbout(NamePattern.parse(pattern))).isEqualTo(about);
  }

  @Test
  void whatAKillHasCutShortIsNoLine() {
    assertThat(LogLine.of("{\"time\":\"2026-11-30T02:1")).isEmpty();
    assertThat(LogLine.of("")).isEmpty();
    assertThat(LogLine.of("7")).isEmpty();
  }
}
