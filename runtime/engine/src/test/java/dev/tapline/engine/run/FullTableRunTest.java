package dev.tapline.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.engine.RefusedException;
import dev.tapline.engine.RunResult;
import dev.tapline.engine.StreamProgress;
import dev.tapline.engine.state.FileStateStore;
import dev.tapline.engine.state.StateException;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.source.StaleSplitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class FullTableRunTest {
  @TempDir Path folder;
  private EngineFixture engine;

  @BeforeEach
  void setUp() {
    engine = new EngineFixture(folder);
  }

  private static Long[] numbers(long count) {
    return LongStream.range(0, count).boxed().toArray(Long[]::new);
  }

  private List<Long> visible(String table) {
    return engine.destination.visible.get("public__" + table);
  }

  @Test
  void bringsEveryRowOfEveryTableOnce() throws Exception {
    engine.source.table("orders", 1_000).table("items", 37).table("empty", 0);

    RunResult result = engine.run();

    assertThat(result.isSuccess()).isTrue();
    assertThat(visible("orders")).containsExactlyInAnyOrder(numbers(1_000));
    assertThat(visible("items")).containsExactlyInAnyOrder(numbers(37));
    assertThat(visible("empty")).isEmpty();
    assertThat(result.streams()).extracting(StreamProgress::rows).containsExactly(0L, 37L, 1_000L);
    assertThat(engine.destination.openWriters).hasValue(0);
  }

  @Test
  void readsAllTablesUnderOneSnapshotAndLetsItGo() throws Exception {
    engine.source.table("orders", 100).table("items", 100);

    engine.run();

    assertThat(engine.source.snapshots).hasValue(1);
    assertThat(engine.source.openSnapshots).hasValue(0);
  }

  @Test
  void replacesTheVersionBefore() throws Exception {
    engine.source.table("orders", 100);
    engine.run();
    engine.source.table("orders", 20);

    engine.run();

    assertThat(visible("orders")).containsExactlyInAnyOrder(numbers(20));
  }

  @Test
  void keepsTheVersionBeforeWhenTheNewOneFails() throws Exception {
    engine.source.table("orders", 100);
    engine.run();
    engine.source.table("orders", 200);
    engine.source.trouble =
        (read, at) -> {
          if (at >= 150) {
            throw new IOException("table public.orders was dropped while it was read");
          }
        };

    RunResult result = engine.run();

    assertThat(result.isSuccess()).isFalse();
    assertThat(result.streams().getFirst().error())
        .contains("table public.orders was dropped while it was read");
    assertThat(visible("orders")).containsExactlyInAnyOrder(numbers(100));
  }

  @Test
  void aStreamThatFailsDoesNotKeepTheOthersFromGoingOn() throws Exception {
    engine.source.table("a", 100).table("b", 100).table("c", 100);
    engine.source.trouble =
        (read, at) -> {
          if (read.id().startsWith("b")) {
            throw new IOException("no");
          }
        };

    RunResult result = engine.run();

    assertThat(result.streams())
        .extracting(StreamProgress::status)
        .containsExactly(
            StreamProgress.Status.DONE, StreamProgress.Status.FAILED, StreamProgress.Status.DONE);
    assertThat(visible("c")).containsExactlyInAnyOrder(numbers(100));
    assertThat(visible("b")).isNull();
  }

  /// Checkpoints fail from now on.
  ///
  /// @return open once one has
  private CountDownLatch failCheckpoints() {
    CountDownLatch failed = new CountDownLatch(1);
    engine.destination.beforeCommit =
        checkpoint -> {
          failed.countDown();
          throw new IOException("the destination is full");
        };
    return failed;
  }

  @Test
  void readsNoFurtherOnceACheckpointHasFailed() throws Exception {
    engine.source.table("a", 10).table("b", 100_000);
    CountDownLatch failed = failCheckpoints();
    AtomicLong furthest = new AtomicLong();
    engine.source.trouble =
        (read, at) -> {
          if (read.id().startsWith("b")) {
            failed.await();
            TimeUnit.MILLISECONDS.sleep(1);
            furthest.accumulateAndGet(at, Math::max);
          }
        };

    RunResult result = engine.run();

    assertThat(result.streams())
        .extracting(StreamProgress::error)
        .allSatisfy(error -> assertThat(error).contains("the destination is full"));
    assertThat(furthest.get()).isLessThan(99_000);
  }

  @Test
  void beginsNoSplitOnceACheckpointHasFailed() throws Exception {
    engine.source.table("a", 10);
    for (int i = 0; i < 50; i++) {
      engine.source.table("b" + i, 10);
    }
    CountDownLatch failed = failCheckpoints();
    engine.source.trouble =
        (read, at) -> {
          if (!read.id().startsWith("a-")) {
            failed.await();
            TimeUnit.MILLISECONDS.sleep(50);
          }
        };
    AtomicLong readers = new AtomicLong();
    engine.source.onClose = readers::incrementAndGet;

    RunResult result = engine.run();

    assertThat(result.streams())
        .extracting(StreamProgress::error)
        .allSatisfy(error -> assertThat(error).contains("the destination is full"));
    assertThat(readers.get()).isLessThan(20);
  }

  @Test
  void readsASplitAgainWhenTheConnectionWasCut() throws Exception {
    engine.source.table("orders", 400);
    FakeSource.Trouble twice = FakeSource.times(2, FakeSource::cut);
    engine.source.trouble =
        (read, at) -> {
          if (at == 350) {
            twice.before(read, at);
          }
        };

    RunResult result = engine.run();

    assertThat(result.isSuccess()).isTrue();
    assertThat(visible("orders")).containsExactlyInAnyOrder(numbers(400));
    assertThat(result.streams().getFirst().rows()).isEqualTo(400);
  }

  @Test
  void givesUpAfterTheTimeForRetries() throws Exception {
    engine.settings =
        new dev.tapline.engine.Pipeline.Engine(
            2, Duration.ofHours(1), OptionalLong.of(1_000), 1_000_000, Duration.ofMillis(900));
    engine.source.table("orders", 100);
    engine.source.trouble = FakeSource::cut;

    RunResult result = engine.run();

    assertThat(result.streams().getFirst().error().orElseThrow())
        .contains("the connection was cut");
  }

  /// What was read before it each time is no progress.
  @Test
  @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void givesUpAReadThatAlwaysComesToTheSamePlace() throws Exception {
    engine.settings =
        new dev.tapline.engine.Pipeline.Engine(
            2, Duration.ofHours(1), OptionalLong.of(1_000), 1_000_000, Duration.ofMillis(900));
    engine.source.table("orders", 400);
    engine.source.trouble =
        (read, at) -> {
          if (at == 350) {
            FakeSource.cut(read, at);
          }
        };

    RunResult result = engine.run();

    assertThat(result.streams().getFirst().error().orElseThrow())
        .contains("the connection was cut");
  }

  @Test
  void beginsATableAnewWhenItsSnapshotIsLost() throws Exception {
    engine.source.table("orders", 400);
    FakeSource.Trouble once =
        FakeSource.times(
            1,
            (read, at) -> {
              engine.source.table("orders", 300);
              throw new StaleSplitException("the snapshot is gone", null);
            });
    engine.source.trouble =
        (read, at) -> {
          if (at == 350) {
            once.before(read, at);
          }
        };

    RunResult result = engine.run();

    assertThat(result.isSuccess()).isTrue();
    assertThat(visible("orders")).containsExactlyInAnyOrder(numbers(300));
    assertThat(result.streams().getFirst().rows()).as("without those given up").isEqualTo(300);
    assertThat(engine.source.openSnapshots).hasValue(0);
  }

  @Test
  void planningAnewTakesAnotherSnapshotWhileTheFirstIsStillInUse() throws Exception {
    engine.source.table("slow", 400).table("truncated", 40);
    CountDownLatch done = new CountDownLatch(1);
    engine.source.trouble =
        (read, at) -> {
          if (read.id().startsWith("truncated") && read.arguments().get("snapshot").equals("1")) {
            throw new StaleSplitException("the table was truncated since the run began", null);
          }
          if (read.id().equals("truncated-b") && at == 30) {
            done.countDown();
          }
          if (read.id().equals("slow-b") && at == 390) {
            assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
          }
        };

    RunResult result = engine.run();

    assertThat(result.isSuccess()).isTrue();
    assertThat(engine.source.snapshots).hasValue(2);
    assertThat(engine.source.openSnapshots).hasValue(0);
    assertThat(visible("truncated")).containsExactlyInAnyOrder(numbers(40));
    assertThat(visible("slow")).containsExactlyInAnyOrder(numbers(400));
  }

  @Test
  void aStreamThatNeverBeganTookNoTime() throws Exception {
    engine.source.table("orders", 10);
    engine.stop.request();

    RunResult result = engine.run();

    assertThat(result.streams().getFirst().startedAt()).isEmpty();
  }

  @Test
  void aStopEndsAReadThatWaitsForTheSource() throws Exception {
    engine.source.table("locked", 100);
    CountDownLatch closed = new CountDownLatch(1);
    engine.source.onClose = closed::countDown;
    engine.source.trouble =
        (read, at) -> {
          engine.stop.request();
          if (!closed.await(20, TimeUnit.SECONDS)) {
            throw new IOException("nobody closed the reader");
          }
          throw new IOException("the read was closed");
        };

    RunResult result = engine.run();

    assertThat(result.stopped()).isTrue();
    assertThat(result.streams().getFirst().status()).isEqualTo(StreamProgress.Status.STOPPED);
  }

  @Test
  void aRowThatIsTooLargeFailsItsStreamWithTheRemedy() throws Exception {
    engine.source.table("a", 100).table("huge", 100);
    engine.source.trouble =
        (read, at) -> {
          if (read.id().startsWith("huge")) {
            throw new OutOfMemoryError("Java heap space");
          }
        };

    RunResult result = engine.run();

    assertThat(visible("a")).containsExactlyInAnyOrder(numbers(100));
    assertThat(result.streams().getLast().error().orElseThrow())
        .contains("do not fit into the heap", "TAPLINE_JAVA_OPTIONS=-Xmx1g");
  }

  @Test
  void aStreamThatTheSinkCannotHoldFailsAlone() throws Exception {
    engine.source.table("a", 10).table("b", 10);
    engine.destination.findings.add(
        Finding.error(
            FakeSource.name("b"),
            "the column '_op' has the name of a metadata field",
            "rename it"));

    RunResult result = engine.run();

    assertThat(result.isSuccess()).isFalse();
    assertThat(result.problems())
        .containsExactly("public.b: the column '_op' has the name of a metadata field; rename it");
    assertThat(visible("a")).hasSize(10);
    assertThat(visible("b")).isNull();
  }

  @Test
  void stopsWithoutReplacingWhatIsNotComplete() throws Exception {
    engine.source.table("orders", 100);
    engine.run();
    engine.source.table("orders", 1_000);
    engine.source.trouble =
        (read, at) -> {
          if (at == 700) {
            engine.stop.request();
          }
        };

    RunResult result = engine.run();

    assertThat(result.stopped()).isTrue();
    assertThat(visible("orders")).containsExactlyInAnyOrder(numbers(100));
    assertThat(engine.destination.openWriters).hasValue(0);
  }

  @Test
  void repeatsACheckpointThatACrashCutOff() throws Exception {
    engine.source.table("orders", 100);
    engine.destination.beforeCommit =
        checkpoint -> {
          throw new IOException("killed");
        };
    assertThat(engine.run().isSuccess()).isFalse();
    assertThat(engine.destination.visible).isEmpty();
    engine.destination.beforeCommit = checkpoint -> {};
    engine.source.trouble =
        (read, at) -> {
          throw new IOException("the next run reads nothing");
        };

    engine.run();

    assertThat(visible("orders")).containsExactlyInAnyOrder(numbers(100));
  }

  @Test
  void repeatsACheckpointWhoseEndTheStateDidNotSee() throws Exception {
    engine.source.table("orders", 100);
    engine.destination.afterCommit =
        checkpoint -> {
          throw new IOException("killed");
        };
    assertThat(engine.run().isSuccess()).isFalse();
    engine.destination.afterCommit = checkpoint -> {};

    RunResult result = engine.run();

    assertThat(result.isSuccess()).isTrue();
    assertThat(engine.destination.commits)
        .extracting(checkpoint -> checkpoint.number())
        .containsExactly(1L, 1L, 2L);
  }

  @Test
  void aFullDestinationFailsEveryStreamAndKeepsTheState() throws Exception {
    engine.source.table("a", 100).table("b", 100);
    engine.run();
    byte[] before = Files.readAllBytes(folder.resolve("state/shop.json"));
    engine.destination.beforeWrite =
        none -> {
          throw new IOException("no space left on device");
        };

    RunResult result = engine.run();

    assertThat(result.streams())
        .allSatisfy(stream -> assertThat(stream.error()).contains("no space left on device"));
    assertThat(Files.readAllBytes(folder.resolve("state/shop.json"))).isEqualTo(before);
  }

  @Test
  void aDestinationThatForgotIsNoHarmWhenEverythingIsReplaced() throws Exception {
    engine.source.table("orders", 100);
    engine.run();
    engine.destination.visible.clear();
    engine.destination.mark(0);

    assertThat(engine.run().isSuccess()).isTrue();
    assertThat(visible("orders")).containsExactlyInAnyOrder(numbers(100));
    assertThat(engine.destination.mark()).isEqualTo(2);
  }

  @Test
  void refusesASecondRunOfThePipeline() throws Exception {
    engine.source.table("orders", 100);
    try (FileStateStore held = FileStateStore.open(folder.resolve("state"), "shop")) {
      assertThatThrownBy(engine::run)
          .isInstanceOf(StateException.class)
          .hasMessageContaining("is being run by process " + ProcessHandle.current().pid());
      assertThat(held.file()).doesNotExist();
    }
  }

  @Test
  void refusesTwoStreamsWithOneDestination() {
    engine.source.table("a", 1).table("b", 1);
    engine.entries =
        List.of(EngineFixture.entry("public.a", "x"), EngineFixture.entry("public.b", "x"));

    assertThatThrownBy(engine::run)
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("public.a and public.b would all be written to 'x'");
    assertThat(engine.destination.openWriters).hasValue(0);
  }

  @Test
  void aPatternThatSelectsNothingIsAProblemOfTheRun() throws Exception {
    engine.source.table("orders", 10);
    engine.entries =
        List.of(EngineFixture.entry("public.orders", ""), EngineFixture.entry("public.ordesr", ""));

    RunResult result = engine.run();

    assertThat(result.isSuccess()).isFalse();
    assertThat(result.problems().getFirst())
        .contains("no table 'public.ordesr'", "did you mean 'public.orders'?", "p.yaml:4:5");
    assertThat(visible("orders")).hasSize(10);
  }

  @Test
  void refusesWhenNothingIsSelected() {
    engine.source.table("orders", 10);
    engine.entries = List.of(EngineFixture.entry("crm.*", ""));

    assertThatThrownBy(engine::run)
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("the pattern 'crm.*' selects no table");
  }

  @Test
  void refusesWhatTheSinkFindsWrong() {
    engine.source.table("orders", 10);
    engine.destination.findings.add(Finding.error("path", "it is a file", "choose a folder"));

    assertThatThrownBy(engine::run)
        .isInstanceOf(RefusedException.class)
        .hasMessage("path: it is a file; choose a folder");
  }
}
