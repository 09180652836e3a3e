package dev.tapline.cli.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LoggingTest {
  private static final Logger LOG = LoggerFactory.getLogger("run");

  @TempDir private Path folder;
  private final ByteArrayOutputStream console = new ByteArrayOutputStream();
  private PrintStream before = System.err;

  @BeforeEach
  void redirect() {
    before = Logging.redirect(new PrintStream(console, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void restore() {
    Logging.redirect(before);
    Logging.configure(LogFormat.TEXT, Level.WARN, false);
  }

  @Test
  void writesLinesForPeople() {
    Logging.configure(LogFormat.TEXT, Level.INFO, false);
    MDC.put("stream", "public.orders");
    LOG.info("{} splits", 12);
    LOG.debug("not shown");
    MDC.remove("stream");
    LoggerFactory.getLogger("org.postgresql.Driver").warn("odd");
    assertThat(lines())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .matches("\\d\\d:\\d\\d:\\d\\d INFO  stream public\\.orders: 12 splits"),
            line -> assertThat(line).endsWith(" WARN  [Driver] odd"));
  }

  @Test
  void aLineThatBeginsWithAStreamNamesItsDatabaseWhereThereAreSeveral() {
    Logging.configure(LogFormat.TEXT, Level.INFO, false);
    try (MDC.MDCCloseable _ = MDC.putCloseable("database", "crm")) {
      LOG.info("stream public.orders: copied anew");
      LOG.info("stream crm.public.orders: done");
      LOG.info("3 streams");
    }
    try (MDC.MDCCloseable _ = MDC.putCloseable("database", "")) {
      LOG.info("stream public.orders: done");
    }
    assertThat(lines())
        .extracting(line -> line.substring(line.indexOf("INFO  ") + 6))
        .containsExactly(
            "stream crm.public.orders: copied anew",
            "stream crm.public.orders: done",
            "3 streams",
            "stream public.orders: done");
  }

  @Test
  void showsTheMessagesOfAnExceptionAndItsTraceWhenAsked() {
    IOException thrown = new IOException("cut", new IllegalStateException("by peer"));
    Logging.configure(LogFormat.TEXT, Level.INFO, false);
    LOG.error("failed", thrown);
    assertThat(lines()).singleElement().asString().endsWith("ERROR failed: cut: by peer");
    Logging.configure(LogFormat.TEXT, Level.INFO, true);
    LOG.error("failed", thrown);
    assertThat(console.toString(StandardCharsets.UTF_8))
        .contains("Caused by: java.lang.IllegalStateException: by peer")
        .contains("\tat ");
  }

  @Test
  void writesAJsonObjectALine() {
    Logging.configure(LogFormat.JSON, Level.INFO, false);
    MDC.put("stream", "public.orders");
    LOG.error("a \"quote\"\nand a line", new IOException("cut"));
    MDC.remove("stream");
    JsonNode line = new JsonMapper().readTree(lines().getFirst());
    assertThat(lines()).hasSize(1);
    assertThat(line.get("level").asString()).isEqualTo("ERROR");
    assertThat(line.get("logger").asString()).isEqualTo("run");
    assertThat(line.get("stream").asString()).isEqualTo("public.orders");
    assertThat(line.get("message").asString()).isEqualTo("a \"quote\"\nand a line");
    assertThat(line.get("exception").asString()).contains("IOException: cut").contains("\tat ");
    assertThat(line.get("time").asString()).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
  }

  @Test
  void masksSecretsInMessagesAndTraces() {
    Secrets.add("quote\"secret");
    for (LogFormat format : LogFormat.values()) {
      Logging.configure(format, Level.INFO, true);
      LOG.info("connecting as x:{}", "quote\"secret");
      LOG.error("failed", new IOException("refused quote\"secret"));
    }
    assertThat(console.toString(StandardCharsets.UTF_8))
        .contains("connecting as x:***")
        .contains("refused ***")
        .doesNotContain("secret");
  }

  @Test
  void masksShortSecretsAsWholeWordsOnly() {
    Secrets.add("zq");
    assertThat(Secrets.mask("zq in zquark, (zq)")).isEqualTo("*** in zquark, (***)");
  }

  @Test
  void takesWhatLibrariesSayByJavaLogging() {
    Logging.configure(LogFormat.TEXT, Level.INFO, false);
    java.util.logging.Logger.getLogger("org.library.Part")
        .log(java.util.logging.Level.WARNING, "odd {0}", "thing");
    assertThat(lines()).singleElement().asString().endsWith("WARN  [Part] odd thing");
  }

  @Test
  void aRunsLogHasInfoEvenWhenTheConsoleShowsLess() throws Exception {
    Logging.configure(LogFormat.TEXT, Level.ERROR, false);
    Path file = folder.resolve("runs/1/extraction.log");
    LOG.info("before");
    try (RunLog log = RunLog.open(file)) {
      LOG.info("within {}", log.getClass().getSimpleName());
    }
    LOG.info("after");
    assertThat(lines()).isEmpty();
    assertThat(Files.readAllLines(file))
        .singleElement()
        .satisfies(line ->
            assertThat(new JsonMapper().readTree(line).get("message").asString())
                .isEqualTo("within RunLog"));
  }

  @Test
  void aRunsLogThatCannotBeWrittenIsAnError() throws Exception {
    Path file = Files.createDirectory(folder.resolve("a-folder"));
    assertThatThrownBy(() -> RunLog.open(file)).isInstanceOf(IOException.class);
    Path full = Path.of("/dev/full");
    org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(full));
    RunLog log = RunLog.open(full);
    LOG.error("does not fit");
    assertThatThrownBy(log::close)
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("the log /dev/full is not complete: ");
  }

  private List<String> lines() {
    return console.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void aLogOfALongRunIsPutAsideAndDoesNotGrowForEver() throws Exception {
    Path file = folder.resolve("extraction.log");
    try (RunLog log = RunLog.open(file, 2_000)) {
      assertThat(log).isNotNull();
      for (int i = 0; i < 100; i++) {
        LoggerFactory.getLogger("run").info("line {}", i);
      }
    }

    Path aside = folder.resolve("extraction.1.log");
    assertThat(Files.size(file)).isBetween(1L, 2_000L);
    assertThat(Files.size(aside)).isBetween(1_000L, 2_000L);
    assertThat(Files.readAllLines(file).getLast()).contains("line 99");
  }
}
