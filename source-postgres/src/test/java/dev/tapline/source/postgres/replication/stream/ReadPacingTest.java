package dev.tapline.source.postgres.replication.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ReadPacingTest {
  private static final long MILLI = 1_000_000;

  private long now = 1;
  private final ReadPacing pace = new ReadPacing(now);

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
  void noRestIsLongerThanThis() {
    // 5 MB a second, however long it rests.
    long longest = 0;
    long rest = MILLI;
    for (int round = 0; round < 500; round++) {
      pace.took((int) (rest / MILLI * 5_000 + 100));
      rest = Math.max(rest(rest / MILLI + 1), MILLI);
      longest = Math.max(longest, rest);
    }
    assertThat(longest).isEqualTo(20 * MILLI);
    assertThat(rest).isGreaterThanOrEqualTo(5 * MILLI);
  }

  @Test
  void whereLittleFitsBetweenServerAndReaderTheRestsStayShort() {
    // The server makes 30 KB in a millisecond, and waits when 40 KB are on the way.
    long rested = 0;
    long worked = 0;
    long rest = MILLI;
    for (int round = 0; round < 5_000; round++) {
      long came = Math.min(40_000, rest * 30_000 / MILLI);
      pace.took((int) came);
      rested += rest;
      worked += came * MILLI / 30_000;
      now += rest;
      rest = pace.rest(now);
    }
    assertThat(worked).as("of %d", rested).isGreaterThan(rested * 7 / 10);
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
