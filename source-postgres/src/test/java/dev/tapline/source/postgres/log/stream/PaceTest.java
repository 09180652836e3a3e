package dev.tapline.source.postgres.log.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PaceTest {
  private static final long MILLI = 1_000_000;

  private long now = 1;
  private final Pace pace = new Pace(now);

  @Test
  void aSingleChangeIsHandedOnAtOnce() {
    pace.took(200);
    assertThat(pace.isLight()).isTrue();
    assertThat(rest(100)).isLessThan(MILLI);
    assertThat(pace.isIdle()).isTrue();
  }

  @Test
  void underLoadTheRestIsWhatFillsTheBufferFourTimes() {
    // 100 MB a second.
    long rest = 0;
    for (int round = 0; round < 100; round++) {
      pace.took(1_000_000);
      rest = rest(10);
    }
    assertThat(pace.isLight()).isFalse();
    assertThat(rest).isBetween(10 * MILLI, 11 * MILLI);
  }

  @Test
  void noRestIsSoLongThatTheServerWouldWait() {
    long rest = 0;
    for (int round = 0; round < 100; round++) {
      pace.took(50_000);
      rest = rest(10);
    }
    assertThat(rest).isEqualTo(20 * MILLI);
  }

  @Test
  void afterALoadChangesAreLightAgain() {
    for (int round = 0; round < 100; round++) {
      pace.took(400_000);
      rest(10);
    }
    for (int round = 0; round < 10; round++) {
      pace.took(200);
      rest(50);
    }
    assertThat(pace.isLight()).isTrue();
  }

  private long rest(long millis) {
    now += millis * MILLI;
    return pace.rest(now);
  }
}
