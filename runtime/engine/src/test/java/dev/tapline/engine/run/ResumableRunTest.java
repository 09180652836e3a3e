package dev.tapline.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.engine.Pipeline;
import dev.tapline.engine.RefusedException;
import dev.tapline.engine.RunResult;
import dev.tapline.engine.state.FileStateStore;
import dev.tapline.spi.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the engine does for reads that can be resumed in the middle, as those of a log.
class ResumableRunTest {
  @TempDir Path folder;
  private EngineFixture engine;

  @BeforeEach
  void setUp() {
    engine = new EngineFixture(folder);
    engine.method = "TAIL";
    engine.settings =
        new Pipeline.Engine(
            2, Duration.ofHours(1), OptionalLong.of(100), 1 << 30, Duration.ofSeconds(20));
    engine.source.table("orders", 1_000);
  }

  private static Long[] numbers(long count) {
    return LongStream.range(0, count).boxed().toArray(Long[]::new);
  }

  private List<Long> visible() {
    return engine.destination.visible.get("public__orders");
  }

  private Position position() throws IOException {
    return FileStateStore.read(folder.resolve("state/shop.json"), "shop")
        .streams()
        .get(FakeSource.name("orders"))
        .position();
  }

  @Test
  void makesACheckpointEverySoManyRowsAndThenAcknowledges() throws Exception {
    assertThat(engine.run().isSuccess()).isTrue();

    assertThat(visible()).containsExactly(numbers(1_000));
    assertThat(engine.destination.commits).hasSize(10);
    assertThat(engine.source.acknowledged).hasSize(10).last().isEqualTo(Position.of("row", "1000"));
    assertThat(position()).isEqualTo(Position.of("row", "1000"));
  }

  @Test
  void aSinkMayWishForOtherCheckpointsThanTheUsual() throws Exception {
    engine.settings =
        new Pipeline.Engine(
            2, Duration.ofHours(1), OptionalLong.empty(), 1 << 30, Duration.ofSeconds(20));
    engine.destination.checkpointRows = OptionalLong.of(200);

    assertThat(engine.run().isSuccess()).isTrue();

    assertThat(engine.destination.commits).hasSize(5);
    assertThat(visible()).containsExactly(numbers(1_000));
  }

  @Test
  void whatThePipelineSaysGoesBeforeASinksWish() throws Exception {
    engine.destination.checkpointRows = OptionalLong.of(500);

    assertThat(engine.run().isSuccess()).isTrue();

    assertThat(engine.destination.commits).hasSize(10);
  }

  @Test
  void acknowledgesNothingThatIsNotDurable() throws Exception {
    engine.destination.beforeCommit =
        checkpoint -> {
          if (checkpoint == 4) {
            throw new IOException("the sink is down");
          }
        };

    RunResult result = engine.run();

    assertThat(result.streams().getFirst().error().orElseThrow()).contains("the sink is down");
    assertThat(engine.source.acknowledged).last().isEqualTo(Position.of("row", "300"));
    assertThat(visible()).containsExactly(numbers(300));
  }

  @Test
  void resumesAfterTheLastDurablePosition() throws Exception {
    engine.source.trouble =
        (read, at) -> {
          if (at == 550) {
            throw new IOException("stopped here");
          }
        };
    assertThat(engine.run().isSuccess()).isFalse();
    assertThat(visible()).containsExactly(numbers(500));
    engine.source.trouble = (read, at) -> assertThat(at).isGreaterThanOrEqualTo(500);

    assertThat(engine.run().isSuccess()).isTrue();

    assertThat(visible()).containsExactly(numbers(1_000));
  }

  @Test
  void goesOnFromTheLastCheckpointWhenTheConnectionWasCut() throws Exception {
    FakeSource.Trouble once = FakeSource.times(1, FakeSource::cut);
    engine.source.trouble =
        (read, at) -> {
          if (at == 550) {
            once.before(read, at);
          }
        };

    RunResult result = engine.run();

    assertThat(result.isSuccess()).isTrue();
    assertThat(visible()).containsExactly(numbers(1_000));
    assertThat(result.streams().getFirst().rows()).isEqualTo(1_000);
  }

  @Test
  void aStopFinishesWhatIsAtHandAndMakesACheckpoint() throws Exception {
    engine.source.trouble =
        (read, at) -> {
          if (at == 550) {
            engine.stop.request();
          }
        };

    RunResult result = engine.run();

    assertThat(result.stopped()).isTrue();
    assertThat(visible()).containsExactly(numbers(560));
    assertThat(position()).isEqualTo(Position.of("row", "560"));
  }

  @Test
  void refusesToGoOnWhenTheDestinationIsAheadOfTheState() throws Exception {
    engine.run();
    engine.destination.mark(12);

    assertThatThrownBy(engine::run)
        .isInstanceOf(RefusedException.class)
        .hasMessageContainingAll("is at checkpoint 10", "marker is at checkpoint 12");
    assertThat(visible()).containsExactly(numbers(1_000));
  }

  @Test
  void refusesToGoOnWhenTheDestinationHasForgotten() throws Exception {
    engine.run();
    engine.destination.mark(0);

    assertThatThrownBy(engine::run)
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("the destination has no marker of this pipeline");
  }
}
