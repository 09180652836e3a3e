package dev.tapline.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.engine.RunResult;
import dev.tapline.engine.state.FileStateStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A checkpoint that the destination refuses because of one stream's rows.
class PoisonedCheckpointTest {
  @TempDir Path folder;
  private EngineFixture engine;

  @BeforeEach
  void twoTablesOfWhichOneCannotBeMerged() throws Exception {
    engine = new EngineFixture(folder);
    engine.method = "LOG_BASED";
    engine.source.table("a", 2).table("b", 4);
    engine.run();
    engine.source.log.commit(Map.of("a", List.of(10L), "b", List.of(20L)));
    engine.destination.poisoned = "public__b";
  }

  @Test
  void theNextRunSaysHowToGoOnWithoutIt() throws Exception {
    assertThat(engine.run().isSuccess()).isFalse();

    assertThatThrownBy(engine::run)
        .hasMessageContaining("it cannot be merged")
        .hasMessageContaining(" of an earlier run, which brings ")
        .hasMessageContaining("public.a, public.b")
        .hasMessageContaining("runtime reset --stream");
  }

  @Test
  void aResetOfItLetsTheOthersGoOn() throws Exception {
    engine.run();

    try (FileStateStore store = FileStateStore.open(folder.resolve("state"), "shop")) {
      store.forget(Set.of(FakeSource.name("b")));
    }
    RunResult result = engine.run();

    assertThat(result.isSuccess()).isTrue();
    assertThat(visible("a")).containsExactlyInAnyOrder(0L, 1L, 10L);
    assertThat(visible("b")).as("copied anew").containsExactlyInAnyOrder(0L, 1L, 2L, 3L);
    assertThat(FileStateStore.read(folder.resolve("state/shop.json"), "shop").pending()).isEmpty();
  }

  @Test
  void theNextRunBeginsWithItOnceTheReasonIsMended() throws Exception {
    engine.run();
    assertThatThrownBy(engine::run).hasMessageContaining("it cannot be merged");

    engine.destination.poisoned = "";
    RunResult result = engine.run();

    assertThat(result.isSuccess()).isTrue();
    assertThat(visible("a")).containsExactlyInAnyOrder(0L, 1L, 10L);
    assertThat(visible("b")).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 20L);
  }

  private List<Long> visible(String table) {
    return engine.destination.visible.get("public__" + table);
  }
}
