package dev.tapline.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tapline.engine.Pipeline;
import dev.tapline.engine.RunResult;
import dev.tapline.engine.state.FileStateStore;
import dev.tapline.engine.state.PipelineState;
import dev.tapline.spi.source.ChangeLog;
import dev.tapline.spi.source.StreamPosition;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/// What a log keeps for streams that a run does not read: those that come again, and not those that
/// are gone.
class LeftOutStreamsRunTest {
  @TempDir Path folder;
  private EngineFixture engine;
  private FakeLog log;

  @BeforeEach
  void setUp() {
    engine = new EngineFixture(folder);
    engine.method = "LOG_BASED";
    engine.settings =
        new Pipeline.Engine(
            1, Duration.ofHours(1), OptionalLong.of(1_000_000), 1 << 30, Duration.ofSeconds(20));
    engine.source.table("a", 2).table("b", 4);
    log = engine.source.log;
  }

  private List<Long> visible(String table) {
    return engine.destination.visible.get("public__" + table);
  }

  private PipelineState state() throws IOException {
    return FileStateStore.read(folder.resolve("state/shop.json"), "shop");
  }

  /// A column or a privilege is missing for a while: the log of the stream is still needed.
  @Test
  void aStreamThatCannotBeSelectedNowKeepsItsPlace() throws Exception {
    engine.run();
    log.commit(Map.of("a", List.of(10L), "b", List.of(20L)));
    engine.entries =
        List.of(EngineFixture.entry("public.a", ""), EngineFixture.without("public.b", "gone"));

    RunResult result = engine.run();

    assertThat(result.isSuccess()).isFalse();
    assertThat(log.absent.getLast())
        .extracting(StreamPosition::position)
        .containsExactly(FakeLog.at(100));
  }

  /// Whether by another method or because it is gone: what is left is a slot without a reader.
  @ParameterizedTest
  @ValueSource(strings = {"FULL_TABLE", "gone"})
  void aLogThatIsReadNoMoreIsNamedOnce(String how) throws Exception {
    engine.run();
    List<String> before = warnings(engine::run);
    engine.entries =
        how.equals("gone")
            ? List.of(EngineFixture.entry("public.c", "", "FULL_TABLE"))
            : List.of(EngineFixture.entry("public.a", "", how));
    engine.source.table("c", 1);
    List<String> then = warnings(engine::run);
    List<String> later = warnings(engine::run);

    assertThat(then)
        .filteredOn(line -> line.contains("is read from its log any more"))
        .singleElement()
        .asString()
        .contains("database 'shop'", "'runtime slots drop'");
    assertThat(String.join("", before) + String.join("", later)).doesNotContain("any more");
  }

  private interface Doing {
    RunResult run() throws Exception;
  }

  private static List<String> warnings(Doing doing) throws Exception {
    ListAppender<ILoggingEvent> appender = new ListAppender<>();
    appender.start();
    Logger logger = (Logger) LoggerFactory.getLogger("run");
    logger.addAppender(appender);
    try {
      doing.run();
    } finally {
      logger.detachAppender(appender);
    }
    return appender.list.stream()
        .filter(event -> event.getLevel().equals(Level.WARN))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  /// An entry means tables or views: the log is not kept for what only one of views would name.
  @Test
  void aTableThatOnlyAnEntryOfViewsNamesIsGone() throws Exception {
    engine.run();
    engine.entries = List.of(EngineFixture.entry("public.a", ""), EngineFixture.view("public.b"));

    engine.run();

    assertThat(log.absent.getLast()).isEmpty();
    assertThat(state().streams()).containsOnlyKeys(FakeSource.name("a"));
  }

  @Test
  void streamsThatARunLeavesOutKeepTheirPlace() throws Exception {
    engine.run();
    log.commit(Map.of("a", List.of(10L), "b", List.of(20L)));

    engine.run(ChangeLog.Extent.UNTIL_NOW, "public.a");

    assertThat(log.absent.getLast())
        .extracting(StreamPosition::position)
        .containsExactly(FakeLog.at(100));
    assertThat(log.retained.getLast()).hasSize(2);
    assertThat(visible("b")).hasSize(4);

    engine.run();

    assertThat(visible("a")).containsExactly(0L, 1L, 10L);
    assertThat(visible("b")).endsWith(20L);
  }
}
