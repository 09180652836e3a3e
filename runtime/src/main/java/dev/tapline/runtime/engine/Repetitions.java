package dev.tapline.runtime.engine;

import java.time.Duration;

/// Ends what would be repeated without end: so many times in a row, where what comes after a quiet
/// time begins to count anew, because a run can go on for months. One thread at a time.
final class Repetitions {
  private static final long QUIET = Duration.ofMinutes(10).toNanos();

  private final int most;
  private int count;
  private long last;

  /// @param most how many times in a row
  Repetitions(int most) {
    this.most = most;
  }

  /// Counts one more.
  ///
  /// @return whether it may be
  boolean mayRepeat() {
    long now = System.nanoTime();
    if (count > 0 && now - last > QUIET) {
      count = 0;
    }
    last = now;
    return ++count <= most;
  }
}
