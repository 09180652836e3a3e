package dev.tapline.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CheckpointClockTest {
  private static final long INTERVAL = Duration.ofSeconds(10).toNanos();
  private static final long TICK = Duration.ofMillis(250).toNanos();

  private long now;
  private final CheckpointClock clock = new CheckpointClock(1_000, 1_000, INTERVAL, () -> now);

  /// Nothing comes for a time; places are written down as they are due.
  private void quiet(Duration time) {
    for (long end = now + time.toNanos(); now < end; now += TICK) {
      clock.noRows();
      if (clock.isDue(false)) {
        clock.restart();
      }
    }
  }

  private void checkpoint() {
    assertThat(clock.isDue(false)).isTrue();
    clock.restart();
  }

  @Test
  void aLoneChangeIsDueAtOnceAtAnyMomentOfAQuietTime() {
    quiet(Duration.ofSeconds(1));
    for (int moment = 0; moment < 400; moment++) {
      clock.count(1, 1);
      checkpoint();
      quiet(Duration.ofSeconds(10).plusMillis(250L * moment));
    }
  }

  @Test
  void aLoneChangeIsDueAtOnceSoonAfterTheStart() {
    clock.noRows();
    clock.count(1, 1);
    checkpoint();
  }

  @Test
  void whatWaitsAtTheStartIsGathered() {
    clock.count(1, 1);
    assertThat(clock.isDue(false)).isFalse();
    now += INTERVAL;
    checkpoint();
  }

  @Test
  void whatFollowsACheckpointSharesTheNext() {
    quiet(Duration.ofSeconds(30));
    clock.count(1, 1);
    checkpoint();
    now += TICK;
    clock.noRows();
    clock.count(1, 1);
    assertThat(clock.isDue(false)).isFalse();
    assertThat(clock.pollTimeout(Duration.ofHours(1)).toNanos()).isEqualTo(INTERVAL - TICK);
    now += INTERVAL - TICK;
    checkpoint();
  }

  @Test
  void aPlaceIsWrittenDownEachTenSeconds() {
    int places = 0;
    for (int i = 0; i < 240; i++) {
      now += TICK;
      clock.noRows();
      if (clock.isDue(false)) {
        places++;
        clock.restart();
      }
    }
    assertThat(places).isEqualTo(6);
  }

  @Test
  void rowsAndBytesAreDueWhateverTheTime() {
    clock.count(1_000, 1);
    checkpoint();
    clock.count(1, 1_000);
    assertThat(clock.isDue(true)).isTrue();
  }
}
