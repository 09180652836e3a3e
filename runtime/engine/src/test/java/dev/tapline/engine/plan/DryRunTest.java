package dev.tapline.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.engine.RefusedException;
import dev.tapline.engine.run.EngineFixture;
import dev.tapline.engine.run.FakeSource;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.StreamName;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DryRunTest {
  @TempDir Path folder;

  private EngineFixture engine;

  @BeforeEach
  void setUp() {
    engine = new EngineFixture(folder);
  }

  private static DryRun.Step step(DryRun.Outline outline, String label) {
    return outline.steps().stream()
        .filter(step -> step.label().equals(label))
        .findFirst()
        .orElseThrow(() -> new AssertionError(label + " is not in " + outline.steps()));
  }

  @Test
  void plansAllStreamsOfAMethodWithinOneSnapshot() throws Exception {
    engine.source.table("a", 10).table("b", 10).table("c", 10);

    DryRun.Outline outline = engine.outline();

    assertThat(outline.isSound()).isTrue();
    assertThat(outline.steps()).extracting(DryRun.Step::reads).containsOnly("copy in 2 reads");
    assertThat(engine.source.snapshots).hasValue(1);
    assertThat(engine.source.openSnapshots).hasValue(0);
    assertThat(engine.destination.visible).isEmpty();
  }

  @Test
  void aStreamThatCannotBePlannedDoesNotKeepTheOthersFromIt() throws Exception {
    engine.source.table("a", 10).table("b", 10).table("c", 10);
    engine.source.unreadable.add(FakeSource.name("b"));

    DryRun.Outline outline = engine.outline();

    assertThat(outline.isSound()).isFalse();
    assertThat(step(outline, "public.b").problem()).isEqualTo("there is no way to read b");
    assertThat(step(outline, "public.a").reads()).isEqualTo("copy in 2 reads");
    assertThat(step(outline, "public.c").problem()).isEmpty();
  }

  @Test
  void aStreamWithAnotherDestinationBeginsAnewAsInARun() throws Exception {
    engine.method = "LOG_BASED";
    engine.source.table("a", 10);
    engine.run();
    assertThat(step(engine.outline(), "public.a").reads()).isEqualTo("the log");
    engine.entries = List.of(EngineFixture.entry("public.a", "elsewhere"));

    DryRun.Step step = step(engine.outline(), "public.a");

    assertThat(step.begins()).isEqualTo("copy (destination was public__a)");
    assertThat(step.reads()).isEqualTo("copy, then the log");
  }

  @Test
  void streamsOfSeveralDatabasesAreToldApart() throws Exception {
    engine.source.table("a", 10).tables.put(new StreamName("crm", "public", "a"), 10L);
    engine.destination.refusals.put(
        "crm__public__a",
        Finding.error(new StreamName("crm", "public", "a"), "its name is taken", "give it 'as'"));

    DryRun.Outline outline = engine.outline();

    assertThat(step(outline, "shop.public.a").problem()).isEmpty();
    assertThat(step(outline, "crm.public.a").problem())
        .isEqualTo("its name is taken; give it 'as'");
  }

  @Test
  void aPatternThatMeansNoStreamIsRefused() {
    engine.source.table("aaa", 10);

    assertThatThrownBy(() -> engine.outline("public.aaa", "public.aab"))
        .isInstanceOf(RefusedException.class)
        .hasMessage("no selected stream matches public.aab; did you mean 'public.aaa'?");
  }
}
