package dev.tapline.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.engine.state.FileStateStore;
import dev.tapline.engine.state.HighWaterMarks;
import dev.tapline.spi.sink.Checkpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Versions and times go on from run to run, whatever the machine's clock says.
class ClockSetBackTest {
  private static final Instant NOON = Instant.parse("2026-07-01T12:00:00Z");

  @TempDir Path folder;
  private EngineFixture engine;

  @BeforeEach
  void setUp() {
    engine = new EngineFixture(folder);
    engine.machineStands = true;
    engine.machine = NOON;
    engine.source.table("orders", 10).table("items", 10);
  }

  private List<Long> versions() {
    return engine.destination.commits.stream()
        .flatMap(checkpoint -> checkpoint.replacements().stream())
        .map(Checkpoint.TableReplacement::version)
        .toList();
  }

  // The two tables of a run come in any order.
  private void grow(int runs) {
    List<Long> found = versions();
    assertThat(found).hasSize(2 * runs).doesNotHaveDuplicates();
    for (int i = 2; i < found.size(); i += 2) {
      assertThat(Math.min(found.get(i), found.get(i + 1)))
          .isGreaterThan(Math.max(found.get(i - 2), found.get(i - 1)));
    }
  }

  private Path state() {
    return folder.resolve("state/shop.json");
  }

  private void isRunWithout(boolean orders, boolean items) throws Exception {
    try (FileStateStore store = FileStateStore.open(folder.resolve("state"), "shop")) {
      store.forget(
          orders && items
              ? Set.of(FakeSource.name("orders"), FakeSource.name("items"))
              : Set.of(FakeSource.name(orders ? "orders" : "items")));
    }
  }

  @Test
  void versionsAndTimesGrowWithEachRun() throws Exception {
    engine.run();
    engine.machine = NOON.minusSeconds(3_600);
    engine.run();
    engine.run(); // in the same millisecond

    grow(3);
    assertThat(engine.destination.times).isSorted();
    assertThat(engine.destination.times.getLast()).isGreaterThan(NOON.toEpochMilli() * 1_000);
  }

  @Test
  void streamsThatWereForgottenGetNoVersionOfBefore() throws Exception {
    engine.run();
    isRunWithout(true, true);
    engine.machine = NOON.minusSeconds(3_600);
    engine.run();
    isRunWithout(true, false);
    engine.run();

    grow(3);
    assertThat(engine.destination.times).isSorted();
  }

  @Test
  void aStateThatWasLostLeavesTheVersionsOfTheDestination() throws Exception {
    engine.run();
    engine.destination.highestVersion = versions().stream().max(Long::compare).orElseThrow();
    Files.delete(state());
    engine.machine = NOON.minusSeconds(3_600);
    engine.run();

    grow(2);
  }

  @Test
  void aStateOfBeforeIsReadAndGoneOnFrom() throws Exception {
    engine.run();
    String text = Files.readString(state());
    String before = text.replaceFirst("\"high_water\" : \\{[^}]*},\\s*", "");
    assertThat(before).isNotEqualTo(text);
    Files.writeString(state(), before);
    // It was written by the real clock, and its streams say when.
    HighWaterMarks known = FileStateStore.read(state(), "shop").highWater();
    assertThat(known.version()).isEqualTo(versions().stream().max(Long::compare).orElseThrow());
    assertThat(known.time()).isGreaterThan(0);
    engine.machine = NOON.minusSeconds(3_600);
    engine.run();

    grow(2);
    assertThat(engine.destination.times).isSorted();
    assertThat(engine.destination.times.getLast()).isGreaterThan(known.time());
  }

  @Test
  void aCheckpointThatACrashCutOffCounts() throws Exception {
    engine.destination.afterCommit =
        checkpoint -> {
          throw new java.io.IOException("killed");
        };
    engine.run();
    engine.destination.afterCommit = checkpoint -> {};
    // One or two, whichever the checkpoint took along.
    List<Long> before = versions();
    isRunWithout(true, true);
    engine.machine = NOON.minusSeconds(3_600);
    engine.run();

    long highest = before.stream().max(Long::compare).orElseThrow();
    assertThat(versions().stream().skip(before.size()))
        .hasSize(2)
        .allSatisfy(version -> assertThat(version).isGreaterThan(highest));
    assertThat(engine.destination.times).isSorted();
  }

  // There a killed run has shown rows of versions that no checkpoint names.
  @Test
  void versionsOfStandardOutputAreWrittenDownBeforeTheirRows() throws Exception {
    engine.destination.standardOutput = true;
    Map<String, Long> highest = new java.util.concurrent.ConcurrentHashMap<>();
    engine.destination.beforeWrite =
        _ ->
            highest.computeIfAbsent(
                "first row",
                _ -> {
                  try {
                    return FileStateStore.read(state(), "shop").highWater().version();
                  } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                  }
                });
    engine.run();

    assertThat(highest.get("first row")).isEqualTo(NOON.toEpochMilli() + 1);
  }
}
