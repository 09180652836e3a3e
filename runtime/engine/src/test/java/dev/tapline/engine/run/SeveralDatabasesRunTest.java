package dev.tapline.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tapline.engine.RunResult;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.StreamName;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// A pipeline of several databases, whose tables have the same names.
class SeveralDatabasesRunTest {
  private static final StreamName CRM = new StreamName("crm", "public", "a");

  @TempDir Path folder;

  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
  private EngineFixture engine;

  @BeforeEach
  void setUp() {
    engine = new EngineFixture(folder);
    engine.source.table("a", 10).tables.put(CRM, 20L);
    appender.start();
    logger().setLevel(Level.INFO);
    logger().addAppender(appender);
  }

  @AfterEach
  void removeAppender() {
    logger().detachAppender(appender);
    logger().setLevel(null);
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger("run");
  }

  private List<String> lines() {
    return appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void linesOfTheLogNameTheDatabase() throws Exception {
    engine.run();

    assertThat(lines())
        .contains("stream crm.public.a: done, 20 rows", "stream shop.public.a: done, 10 rows");
  }

  @Test
  void aStreamThatFailsIsNamedWithItsDatabase() throws Exception {
    engine.source.unreadable.add(CRM);

    engine.run();

    assertThat(lines()).contains("stream crm.public.a: there is no way to read a");
    assertThat(engine.destination.visible).containsOnlyKeys("shop__public__a");
  }

  @Test
  void whatTheSinkRefusesIsTheOneTableThatItMeans() throws Exception {
    engine.destination.refusals.put(
        "crm__public__a", Finding.error(CRM, "its name is taken", "give it 'as'"));

    RunResult result = engine.run();

    assertThat(result.problems()).containsExactly("crm.public.a: its name is taken; give it 'as'");
    assertThat(engine.destination.visible).containsOnlyKeys("shop__public__a");
  }
}
