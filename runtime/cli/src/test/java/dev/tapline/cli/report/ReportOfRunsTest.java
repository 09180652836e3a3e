package dev.tapline.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.engine.run.EngineFixture;
import dev.tapline.spi.catalog.StreamName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the report says of runs of the engine.
class ReportOfRunsTest {
  private static final StreamName CRM = new StreamName("crm", "public", "a");

  @TempDir Path folder;
  private EngineFixture engine;

  @BeforeEach
  void setUp() {
    engine = new EngineFixture(folder);
  }

  private String report() throws Exception {
    return new LoadingReport(RunReport.of(engine.run(), "")).text();
  }

  @Test
  void aStreamThatNeverBeganTookNoTime() throws Exception {
    engine.source.table("orders", 10);
    engine.stop.request();

    assertThat(report())
        .containsPattern("public\\.orders +FULL_TABLE +stopped +0 +0 B +0\\.00 +0 ");
  }

  @Test
  void showsThePositionAndHowFarBehindItIs() throws Exception {
    engine.method = "LOG_BASED";
    engine.source.table("a", 2).table("b", 4);
    engine.run();
    engine.source.log.commit(Map.of("a", List.of(10L)));

    assertThat(report()).containsPattern("public\\.a +LOG_BASED +done +1 .* lsn=110 ");
  }

  @Test
  void namesTheDatabaseOfEachStream() throws Exception {
    engine.source.table("a", 10).tables.put(CRM, 20L);

    assertThat(report()).contains("crm.public.a ", "shop.public.a ");
  }

  @Test
  void namesTheDatabaseOfAStreamThatFails() throws Exception {
    engine.source.table("a", 10).tables.put(CRM, 20L);
    engine.source.unreadable.add(CRM);

    assertThat(report()).contains("error: crm.public.a: there is no way to read a\n");
  }
}
