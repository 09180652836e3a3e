package dev.tapline.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.engine.Pipeline;
import dev.tapline.engine.RefusedException;
import dev.tapline.engine.RunResult;
import dev.tapline.engine.StreamProgress;
import dev.tapline.engine.state.FileStateStore;
import dev.tapline.engine.state.PipelineState;
import dev.tapline.engine.state.StreamState;
import dev.tapline.spi.Position;
import dev.tapline.spi.TransientException;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.RelationKind;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.Checkpoint;
import dev.tapline.spi.source.ChangeLog;
import dev.tapline.spi.source.StaleSplitException;
import dev.tapline.spi.source.StreamException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the engine does for a log of many streams.
class LogBasedRunTest {
  @TempDir Path folder;
  private EngineFixture engine;
  private FakeLog log;

  @BeforeEach
  void setUp() {
    engine = new EngineFixture(folder);
    engine.method = "LOG_BASED";
    engine.settings = settings(1_000_000);
    engine.source.table("a", 2).table("b", 4);
    log = engine.source.log;
  }

  private static Pipeline.Engine settings(long rows) {
    return new Pipeline.Engine(
        1, Duration.ofHours(1), OptionalLong.of(rows), 1 << 30, Duration.ofSeconds(20));
  }

  private List<Long> visible(String table) {
    return engine.destination.visible.get("public__" + table);
  }

  private PipelineState state() throws IOException {
    return FileStateStore.read(folder.resolve("state/shop.json"), "shop");
  }

  private Position position(String table) throws IOException {
    return state().streams().get(FakeSource.name(table)).position();
  }

  private StreamProgress stream(RunResult result, String table) {
    return result.streams().stream()
        .filter(stream -> stream.stream().name().equals(FakeSource.name(table)))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, List<Long>> rows(String table, Long... numbers) {
    return Map.of(table, List.of(numbers));
  }

  @Test
  void copiesEachTableOnceAndThenBringsItsChanges() throws Exception {
    assertThat(engine.run().isSuccess()).isTrue();
    log.commit(rows("a", 10L, 11L)).commit(rows("b", 20L));

    RunResult result = engine.run();

    assertThat(result.isSuccess()).isTrue();
    assertThat(visible("a")).containsExactly(0L, 1L, 10L, 11L);
    assertThat(visible("b")).containsExactly(0L, 1L, 2L, 3L, 20L);
    assertThat(stream(result, "a").rows()).isEqualTo(2);
    assertThat(engine.source.snapshots).hasValue(1);
    assertThat(engine.source.openSnapshots).hasValue(0);
    assertThat(log.confirmed).last().isEqualTo(everyoneAt(120));
    assertThat(position("a")).isEqualTo(FakeLog.at(120));
  }

  private static Map<StreamName, Position> everyoneAt(long lsn) {
    return Map.of(FakeSource.name("a"), FakeLog.at(lsn), FakeSource.name("b"), FakeLog.at(lsn));
  }

  @Test
  void aTableThatTheLogCannotBringFailsAlone() throws Exception {
    log.unpublished.add(FakeSource.name("b"));

    RunResult first = engine.run();

    assertThat(stream(first, "a").status()).isEqualTo(StreamProgress.Status.DONE);
    assertThat(stream(first, "b").error()).contains("it is not published");
    log.commit(rows("a", 10L));
    engine.run();
    assertThat(visible("a")).containsExactly(0L, 1L, 10L);
    log.unpublished.clear();
    assertThat(engine.run().isSuccess()).isTrue();
    assertThat(visible("b")).hasSize(4);
  }

  @Test
  void tablesThatTheLogCannotBringAnyMoreFailAloneAndTogether() throws Exception {
    engine.source.table("c", 3);
    engine.run();
    log.unpublished.add(FakeSource.name("b"));
    log.unpublished.add(FakeSource.name("c"));
    log.commit(rows("a", 10L));
    int before = log.retained.size();

    RunResult result = engine.run();

    assertThat(stream(result, "a").status()).isEqualTo(StreamProgress.Status.DONE);
    assertThat(visible("a")).containsExactly(0L, 1L, 10L);
    assertThat(stream(result, "b").error()).contains("it is not published");
    assertThat(stream(result, "c").error()).contains("it is not published");
    assertThat(log.retained.size() - before).as("each is told in one round").isEqualTo(2);
  }

  @Test
  void aStopEndsAWaitOfTheSourceAtOnce() throws Exception {
    log.waits = new CountDownLatch(1);
    FutureTask<RunResult> run = new FutureTask<>(engine::run);
    Thread.ofPlatform().start(run);
    while (log.retained.isEmpty()) {
      Thread.onSpinWait();
    }
    engine.stop.request();
    RunResult result = run.get(10, TimeUnit.SECONDS);
    assertThat(result.stopped()).isTrue();
    assertThat(stream(result, "a").status()).isEqualTo(StreamProgress.Status.STOPPED);
  }

  @Test
  void theLogIsTheOneOfTheMomentBeforeTheCopy() throws Exception {
    AtomicBoolean once = new AtomicBoolean();
    engine.source.trouble =
        (read, at) -> {
          if (once.compareAndSet(false, true)) {
            log.commit(rows("a", 10L));
          }
        };

    engine.run();

    assertThat(visible("a")).containsExactly(0L, 1L, 10L);
    assertThat(visible("b")).containsExactly(0L, 1L, 2L, 3L);
  }

  @Test
  void aTableThatJoinsIsCopiedWhileTheOthersKeepTheirPlace() throws Exception {
    engine.run();
    log.commit(rows("a", 10L));
    engine.source.table("c", 2);

    assertThat(engine.run().isSuccess()).isTrue();

    assertThat(visible("a")).containsExactly(0L, 1L, 10L);
    assertThat(visible("c")).containsExactlyInAnyOrder(0L, 1L);
    assertThat(log.openedReads).hasSize(2);
  }

  @Test
  void aTableThatWasMadeAnewIsCopiedAnewInANewVersion() throws Exception {
    engine.run();
    long before = state().streams().get(FakeSource.name("a")).version();
    log.remade.put(FakeSource.name("a"), "the table was dropped and made anew");
    engine.source.table("a", 4);
    log.commit(rows("b", 20L));

    assertThat(engine.run().isSuccess()).isTrue();

    assertThat(visible("a")).containsExactlyInAnyOrder(0L, 1L, 2L, 3L);
    assertThat(visible("b")).containsExactly(0L, 1L, 2L, 3L, 20L);
    assertThat(state().streams().get(FakeSource.name("a")).version()).isGreaterThan(before);
  }

  @Test
  void aStreamThatTheSourceCannotReadOnEndsAlone() throws Exception {
    engine.run();
    log.commit(Map.of("a", List.of(10L), "b", List.of(20L)))
        .commit(Map.of("a", List.of(11L), "b", List.of(21L)))
        .commit(rows("b", 22L));
    log.trouble =
        (lsn, stream) -> {
          if (lsn == 120 && stream.equals(FakeSource.name("a"))) {
            throw new StreamException(stream, "its type has changed; reset it", null);
          }
        };

    RunResult result = engine.run();

    assertThat(stream(result, "a").error()).contains("its type has changed; reset it");
    assertThat(stream(result, "b").status()).isEqualTo(StreamProgress.Status.DONE);
    assertThat(visible("b")).endsWith(20L, 21L, 22L);
    assertThat(visible("a")).as("given up with its last checkpoint").containsExactly(0L, 1L);
    assertThat(position("a")).isEqualTo(FakeLog.at(100));
    assertThat(log.confirmed)
        .last()
        .isEqualTo(
            Map.of(FakeSource.name("a"), FakeLog.at(100), FakeSource.name("b"), FakeLog.at(130)));

    log.trouble = (lsn, stream) -> {};
    assertThat(engine.run().isSuccess()).isTrue();
    assertThat(visible("a")).containsExactly(0L, 1L, 10L, 11L);
    assertThat(visible("b")).containsExactly(0L, 1L, 2L, 3L, 20L, 21L, 22L);
  }

  @Test
  void aStreamThatTheSinkCannotWriteEndsAlone() throws Exception {
    engine.run();
    engine.settings = settings(1);
    log.commit(Map.of("a", List.of(10L), "b", List.of(20L)))
        .commit(Map.of("a", List.of(666L), "b", List.of(21L)))
        .commit(Map.of("a", List.of(12L), "b", List.of(22L)));
    engine.destination.refused = 666L;

    RunResult result = engine.run();

    assertThat(stream(result, "a").error().orElseThrow()).contains("cannot hold 666");
    assertThat(stream(result, "a").lag()).as("of the others, who read on").isEmpty();
    assertThat(stream(result, "b").lag()).isPresent();
    assertThat(visible("a")).containsExactly(0L, 1L, 10L);
    assertThat(position("a")).isEqualTo(FakeLog.at(110));
    assertThat(visible("b")).endsWith(20L, 21L, 22L);
    assertThat(position("b")).isEqualTo(FakeLog.at(130));
    assertThat(engine.destination.openWriters).hasValue(0);
  }

  @Test
  void theReadEndsWhenAllItsStreamsHaveFailed() throws Exception {
    engine.run();
    log.commit(Map.of("a", List.of(10L), "b", List.of(20L)));
    engine.destination.beforeWrite =
        none -> {
          throw new IOException("no space left on device");
        };

    RunResult result = engine.run(ChangeLog.Extent.CONTINUOUS);

    assertThat(result.streams())
        .allSatisfy(stream -> assertThat(stream.error()).contains("no space left on device"));
    assertThat(position("a")).isEqualTo(FakeLog.at(100));
  }

  @Test
  void aSinkThatCannotFollowAChangedSchemaEndsTheStream() throws Exception {
    engine.run();
    Schema wider =
        new Schema(
            List.of(
                Field.of("id", DataType.Scalar.INT64, "bigint"),
                Field.of("more", DataType.Scalar.INT64, "bigint")),
            List.of("id"));
    log.commit(rows("b", 20L)).commit(wider, rows("a", 10L)).commit(rows("b", 21L));

    RunResult result = engine.run();

    assertThat(stream(result, "a").error().orElseThrow())
        .contains("from (id bigint) to (id bigint, more bigint)", "runtime reset");
    assertThat(visible("b")).endsWith(20L, 21L);
  }

  @Test
  void aSinkThatCanFollowsAChangedSchema() throws Exception {
    engine.destination.schemaChanges = true;
    engine.run();
    Schema wider =
        new Schema(
            List.of(
                Field.of("id", DataType.Scalar.INT64, "bigint"),
                Field.of("more", DataType.Scalar.INT64, "bigint")),
            List.of("id"));
    log.commit(wider, rows("a", 10L));

    assertThat(engine.run().isSuccess()).isTrue();
    assertThat(visible("a")).endsWith(10L);
  }

  @Test
  void makesNoCheckpointInTheMiddleOfATransaction() throws Exception {
    engine.run();
    int before = engine.destination.commits.size();
    engine.settings = settings(1);
    log.commit(Map.of("a", List.of(10L, 11L), "b", List.of(20L, 21L))).commit(rows("a", 12L));

    engine.run();

    List<Checkpoint> made =
        engine.destination.commits.subList(before, engine.destination.commits.size());
    assertThat(made).hasSize(2);
    assertThat(made.getFirst().commits()).as("both streams of the transaction").hasSize(2);
  }

  @Test
  void rowsOfATransactionThatWasCutOffAreBroughtOnce() throws Exception {
    engine.run();
    log.commit(Map.of("a", List.of(10L), "b", List.of(20L)));
    AtomicBoolean once = new AtomicBoolean();
    log.trouble =
        (lsn, stream) -> {
          if (stream.equals(FakeSource.name("b")) && once.compareAndSet(false, true)) {
            throw new TransientException("the connection was cut", null);
          }
        };

    RunResult result = engine.run();

    assertThat(result.isSuccess()).isTrue();
    assertThat(visible("a")).containsExactly(0L, 1L, 10L);
    assertThat(visible("b")).containsExactly(0L, 1L, 2L, 3L, 20L);
    assertThat(stream(result, "a").rows()).isEqualTo(1);
  }

  @Test
  void aPlaceThatMovesWithoutARowIsWrittenDownAtTheEnd() throws Exception {
    engine.run();
    log.advance(1_000);

    assertThat(engine.run().isSuccess()).isTrue();

    assertThat(position("a")).isEqualTo(FakeLog.at(1_100));
    assertThat(log.confirmed).last().isEqualTo(everyoneAt(1_100));
  }

  @Test
  void nothingIsWrittenWhenNothingHappened() throws Exception {
    engine.run();
    long before = state().checkpoint();

    engine.run();

    assertThat(state().checkpoint()).isEqualTo(before);
  }

  /// What streams of a log have in common, the state's journal writes once.
  @Test
  void streamsThatComeToAPlaceTogetherHaveOneTime() throws Exception {
    engine.run();
    log.commit(Map.of("a", List.of(10L)));
    engine.run();

    assertThat(state().streams().values())
        .hasSizeGreaterThan(1)
        .extracting(stream -> stream.updatedAt())
        .containsOnly(state().streams().get(FakeSource.name("a")).updatedAt());
  }

  @Test
  void aStreamThatHasNoLogIsRefusedAndTheSourceHearsNothingOfIt() throws Exception {
    engine.source.kinds.put(FakeSource.name("b"), RelationKind.FOREIGN_TABLE);

    RunResult result = engine.run();

    assertThat(stream(result, "b").error().orElseThrow())
        .contains("the log has no changes of a foreign table", "method: FULL_TABLE");
    assertThat(stream(result, "a").status()).isEqualTo(StreamProgress.Status.DONE);
    assertThat(log.retained).allSatisfy(streams -> assertThat(streams).hasSize(1));
  }

  @Test
  void streamsThatLeaveThePipelineHoldNothingAnyMore() throws Exception {
    engine.run();
    engine.entries = List.of(EngineFixture.entry("public.a", ""));

    engine.run();

    assertThat(state().streams()).containsOnlyKeys(FakeSource.name("a"));
    assertThat(log.retained.getLast()).hasSize(1);
    assertThat(visible("b")).as("what was written stays").hasSize(4);
  }

  @Test
  void aTableThatCannotBeLookedAtKeepsItsPlace() throws Exception {
    engine.run();
    engine.source.tables.remove(FakeSource.name("b"));
    engine.source.findings.add(
        dev.tapline.spi.catalog.Finding.warning(
            FakeSource.name("b"), "the user may not read it", "GRANT SELECT"));

    engine.run();

    assertThat(state().streams()).containsKey(FakeSource.name("b"));
  }

  @Test
  void aStreamOfAnotherMethodBeginsAnew() throws Exception {
    engine.run();
    engine.method = "FULL_TABLE";
    engine.source.table("a", 6);
    engine.run();
    engine.method = "LOG_BASED";
    log.commit(rows("a", 10L));

    assertThat(engine.run().isSuccess()).isTrue();

    assertThat(visible("a")).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L, 5L);
    assertThat(engine.source.snapshots).hasValue(3);
  }

  @Test
  void aStreamOfAnotherDestinationBeginsAnew() throws Exception {
    engine.run();
    log.commit(rows("a", 10L));
    engine.entries =
        List.of(EngineFixture.entry("public.*", ""), EngineFixture.entry("public.a", "other"));

    engine.run();

    assertThat(engine.destination.visible.get("other")).containsExactlyInAnyOrder(0L, 1L);
  }

  @Test
  void aStreamWhoseCopyFailsDoesNotKeepTheOthersFromTheirLog() throws Exception {
    engine.source.trouble =
        (read, at) -> {
          if (read.id().startsWith("b")) {
            throw new IOException("no");
          }
          log.commit(rows("a", 10L + at));
        };

    RunResult result = engine.run();

    assertThat(stream(result, "b").error()).contains("no");
    assertThat(stream(result, "a").status()).isEqualTo(StreamProgress.Status.DONE);
    assertThat(visible("a")).startsWith(0L, 1L).hasSizeGreaterThan(2);
    assertThat(state().streams()).doesNotContainKey(FakeSource.name("b"));
  }

  @Test
  void aCopyThatTurnsOutStaleIsDoneAgainAndThenAllFollow() throws Exception {
    AtomicBoolean once = new AtomicBoolean();
    engine.source.trouble =
        (read, at) -> {
          if (read.id().equals("b-b") && once.compareAndSet(false, true)) {
            throw new StaleSplitException("the snapshot is gone", null);
          }
        };

    RunResult result = engine.run();

    assertThat(result.isSuccess()).isTrue();
    assertThat(visible("b")).containsExactlyInAnyOrder(0L, 1L, 2L, 3L);
    assertThat(log.openedReads).as("one read of the log").hasSize(1);
    assertThat(engine.source.openSnapshots).hasValue(0);
  }

  @Test
  void aLogThatTurnsOutStaleIsPlannedAgainForAllItsStreams() throws Exception {
    engine.run();
    log.commit(Map.of("a", List.of(10L), "b", List.of(20L)));
    AtomicBoolean once = new AtomicBoolean();
    log.trouble =
        (lsn, stream) -> {
          if (once.compareAndSet(false, true)) {
            throw new StaleSplitException("the server was promoted", null);
          }
        };

    RunResult result = engine.run();

    assertThat(result.isSuccess()).isTrue();
    assertThat(visible("a")).containsExactly(0L, 1L, 10L);
    assertThat(log.openedReads).hasSize(3);
  }

  @Test
  void aStreamThatLosesItsPlaceInALogIsCopiedAnewAndTheOthersGoOn() throws Exception {
    engine.run();
    log.commit(Map.of("a", List.of(10L), "b", List.of(20L)));
    log.commit(rows("a", 11L));
    AtomicBoolean once = new AtomicBoolean();
    log.trouble =
        (lsn, stream) -> {
          if (stream.equals(FakeSource.name("b")) && once.compareAndSet(false, true)) {
            log.outdated.add(stream);
          }
        };

    RunResult result = engine.run();

    assertThat(result.isSuccess()).isTrue();
    assertThat(visible("a")).containsExactly(0L, 1L, 10L, 11L);
    assertThat(visible("b")).as("copied anew").containsExactlyInAnyOrder(0L, 1L, 2L, 3L);
    assertThat(log.openedReads).as("the log, and the log again").hasSize(3);
  }

  @Test
  void aLostLogFailsItsStreamsOnceAndIsAskedForOnce() throws Exception {
    engine.run();
    int before = log.retained.size();
    log.lost = new IOException("the slot 'tapline_shop' is lost; run 'runtime reset'");

    RunResult result = engine.run();

    assertThat(result.streams())
        .allSatisfy(stream -> assertThat(stream.error().orElseThrow()).contains("is lost"));
    assertThat(log.retained).hasSize(before + 1);
    assertThat(position("a")).isEqualTo(FakeLog.at(100));
  }

  @Test
  void aCrashBetweenSinkAndStateBringsEachChangeOnce() throws Exception {
    engine.run();
    log.commit(rows("a", 10L));
    engine.destination.afterCommit =
        checkpoint -> {
          throw new IOException("killed");
        };
    engine.run();
    engine.destination.afterCommit = checkpoint -> {};

    assertThat(engine.run().isSuccess()).isTrue();

    assertThat(visible("a")).containsExactly(0L, 1L, 10L);
    assertThat(log.confirmed).last().isEqualTo(everyoneAt(110));
  }

  @Test
  void refusesToFollowIntoADestinationThatHasForgotten() throws Exception {
    engine.run();
    engine.destination.mark(0);

    assertThatThrownBy(engine::run)
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("the destination has no marker of this pipeline");
    assertThat(state().streams().values())
        .extracting(StreamState::position)
        .containsOnly(FakeLog.at(100));
  }

  @Test
  void tellsThePositionAndHowFarBehindItIs() throws Exception {
    engine.run();
    log.commit(rows("a", 10L));

    RunResult result = engine.run();

    assertThat(stream(result, "a").position()).isEqualTo(FakeLog.at(110));
    assertThat(stream(result, "a").lag().orElseThrow().bytes()).isZero();
  }

  @Test
  void streamsOfAnotherDatabaseHaveALogOfTheirOwnAndFailAlone() throws Exception {
    engine.source.tables.put(new StreamName("crm", "public", "people"), 2L);
    engine.run();
    assertThat(log.openedReads).hasSize(2);
    log.lostDatabase = "crm";
    log.commit(rows("a", 10L));

    RunResult result = engine.run();

    assertThat(engine.destination.visible.get("shop__public__a")).containsExactly(0L, 1L, 10L);
    assertThat(result.streams().getFirst().error().orElseThrow()).contains("crm");
    assertThat(stream(result, "a").status()).isEqualTo(StreamProgress.Status.DONE);
  }
}
