package dev.tapline.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.engine.Pipeline;
import dev.tapline.engine.RunResult;
import dev.tapline.engine.StopSignal;
import dev.tapline.engine.StreamProgress;
import dev.tapline.engine.state.FileStateStore;
import dev.tapline.spi.Position;
import dev.tapline.spi.source.ChangeLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs that follow their log until they are stopped.
class ContinuousRunTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir Path folder;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private EngineFixture engine;
  private FakeLog log;

  @BeforeEach
  void setUp() throws Exception {
    engine = new EngineFixture(folder);
    engine.method = "LOG_BASED";
    engine.source.table("a", 2).table("b", 4);
    log = engine.source.log;
    engine.settings = settings(Duration.ofMillis(20), 1_000_000);
    engine.run();
  }

  @AfterEach
  void end() throws Exception {
    engine.stop.request();
    threads.shutdown();
    assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
  }

  private static Pipeline.Engine settings(Duration interval, long rows) {
    return new Pipeline.Engine(2, interval, OptionalLong.of(rows), 1 << 30, Duration.ofSeconds(20));
  }

  private Future<RunResult> follow() {
    // What is left of the run before would answer those who await this one.
    engine.progress = List.of();
    return threads.submit(() -> engine.run(ChangeLog.Extent.CONTINUOUS));
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("it did not come true").isLessThan(deadline);
      Thread.sleep(1);
    }
  }

  private List<Long> visible(String table) {
    return List.copyOf(engine.destination.visible.get("public__" + table));
  }

  private void awaitFollowing() throws InterruptedException {
    await(() ->
        !engine.progress.isEmpty()
            && engine.progress.stream()
                .anyMatch(stream -> stream.status() == StreamProgress.Status.FOLLOWING));
  }

  private Position position(String table) throws IOException {
    return FileStateStore.read(folder.resolve("state/shop.json"), "shop")
        .streams()
        .get(FakeSource.name(table))
        .position();
  }

  @Test
  void changesAppearWhileItRunsAndAStopEndsItInOrder() throws Exception {
    Future<RunResult> run = follow();
    log.commit(Map.of("a", List.of(10L)));
    await(() -> visible("a").contains(10L));
    log.commit(Map.of("b", List.of(20L)));
    await(() -> visible("b").contains(20L));

    engine.stop.request();
    RunResult result = run.get();

    assertThat(result.stopped()).isTrue();
    assertThat(result.streams())
        .allSatisfy(stream -> {
          assertThat(stream.status()).isEqualTo(StreamProgress.Status.STOPPED);
          assertThat(stream.error()).isEmpty();
        });
    assertThat(position("a")).isEqualTo(FakeLog.at(120));
    assertThat(engine.destination.openWriters).hasValue(0);
  }

  @Test
  void theFirstChangeAfterAQuietTimeDoesNotWaitForTheInterval() throws Exception {
    engine.settings = settings(Duration.ofSeconds(2), 1_000_000);
    follow();
    awaitFollowing();
    Thread.sleep(2_100);
    long before = System.nanoTime();

    log.commit(Map.of("a", List.of(10L)));
    await(() -> visible("a").contains(10L));

    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void manyChangesShareTheCheckpointsOfTheInterval() throws Exception {
    engine.settings = settings(Duration.ofMillis(300), 1_000_000);
    int before = engine.destination.commits.size();
    long began = System.nanoTime();
    follow();
    for (long i = 0; i < 200; i++) {
      log.commit(Map.of("a", List.of(10 + i)));
      Thread.sleep(2);
    }
    await(() -> visible("a").size() == 202);

    long intervals = Duration.ofNanos(System.nanoTime() - began).toMillis() / 300;
    assertThat(engine.destination.commits.size() - before).isBetween(1, (int) intervals + 1);
  }

  @Test
  void soManyRowsMakeACheckpointWhateverTheInterval() throws Exception {
    engine.settings = settings(Duration.ofHours(1), 5);
    follow();

    log.commit(Map.of("a", List.of(10L, 11L, 12L, 13L)));
    Thread.sleep(300);
    assertThat(visible("a")).hasSize(2);
    log.commit(Map.of("a", List.of(14L)));

    await(() -> visible("a").size() == 7);
  }

  @Test
  void nothingIsWrittenWhileNothingHappensHoweverShortTheInterval() throws Exception {
    engine.settings = settings(Duration.ofMillis(10), 1_000_000);
    int before = engine.destination.commits.size();
    Future<RunResult> run = follow();
    awaitFollowing();

    for (int i = 0; i < 50; i++) {
      log.advance(100);
      Thread.sleep(10);
    }

    assertThat(engine.destination.commits).hasSize(before);
    await(() -> log.readTo == log.end());
    engine.stop.request();
    run.get();
    assertThat(position("a")).as("written down at the end").isEqualTo(FakeLog.at(5_100));
  }

  @Test
  void aStreamOfAnotherMethodIsReadOnceAndEnds() throws Exception {
    engine.entries =
        List.of(
            EngineFixture.entry("public.*", ""),
            EngineFixture.entry("public.b", "whole", "FULL_TABLE"));
    follow();

    await(() ->
        engine.progress.size() == 2
            && engine.progress.get(1).status() == StreamProgress.Status.DONE);
    log.commit(Map.of("a", List.of(10L)));
    await(() -> visible("a").contains(10L));

    assertThat(engine.destination.visible.get("whole")).hasSize(4);
    assertThat(engine.progress.getFirst().status()).isEqualTo(StreamProgress.Status.FOLLOWING);
    assertThat(engine.source.openSnapshots).hasValue(0);
  }

  @Test
  void aRunWithNothingToFollowEnds() throws Exception {
    engine.method = "FULL_TABLE";

    assertThat(follow().get(20, TimeUnit.SECONDS).isSuccess()).isTrue();
  }

  @Test
  void aStopGivesUpATransactionThatDoesNotEndAndTheNextRunBringsItOnce() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    log.trouble =
        (lsn, stream) -> {
          if (lsn == 120 && stream.equals(FakeSource.name("b"))) {
            engine.stop.request();
            held.await(4, TimeUnit.SECONDS);
            throw new dev.tapline.spi.TransientException("the rest does not come", null);
          }
        };
    Future<RunResult> run = follow();
    log.commit(Map.of("a", List.of(10L)));
    await(() -> visible("a").contains(10L));
    log.commit(new java.util.TreeMap<>(Map.of("a", List.of(11L), "b", List.of(21L))));

    assertThat(run.get().stopped()).isTrue();
    assertThat(visible("a")).containsExactlyInAnyOrder(0L, 1L, 10L);
    assertThat(position("a")).isEqualTo(FakeLog.at(110));

    log.trouble = (lsn, stream) -> {};
    engine.stop = new StopSignal();
    assertThat(engine.run().isSuccess()).isTrue();
    assertThat(visible("a")).containsExactlyInAnyOrder(0L, 1L, 10L, 11L);
    assertThat(visible("b")).contains(21L);
  }

  @Test
  void writersOfStreamsThatHaveGoneQuietAreClosed() throws Exception {
    follow();
    for (long i = 0; i < 5; i++) {
      long number = 10 + i;
      log.commit(Map.of("a", List.of(number), "b", List.of(number)));
      await(() -> visible("a").contains(number));
    }

    for (long i = 0; i < 5; i++) {
      long number = 20 + i;
      log.commit(Map.of("a", List.of(number)));
      await(() -> visible("a").contains(number));
    }

    await(() -> engine.destination.openWriters.get() == 1);
  }

  @Test
  void showsHowFarBehindItIs() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    log.trouble = (lsn, stream) -> held.await();
    follow();
    log.commit(Map.of("a", List.of(10L)));
    log.advance(1_000);

    await(() ->
        !engine.progress.isEmpty()
            && engine.progress.getFirst().lag().map(lag -> lag.bytes() >= 1_010).orElse(false));
    held.countDown();
    await(() -> engine.progress.getFirst().lag().map(lag -> lag.bytes() == 0).orElse(false));
  }
}
