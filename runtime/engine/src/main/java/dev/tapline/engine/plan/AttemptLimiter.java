package dev.tapline.engine.plan;

import java.time.Duration;

/// Limits consecutive attempts. The count starts again after a quiet period, because a run can last
/// for months. One thread at a time.
public final class AttemptLimiter {
  private static final Duration USUAL_QUIET = Duration.ofMinutes(10);

  private final int most;
  private final long quiet;
  private int count;
  private long last;

  /// @param most how many times in a row
  public AttemptLimiter(int most) {
    this(most, USUAL_QUIET);
  }

  /// @param most how many times in a row
  /// @param quiet after which time they are no longer in a row
  public AttemptLimiter(int most, Duration quiet) {
    this.most = most;
    this.quiet = quiet.toNanos();
  }

  /// Counts one more.
  ///
  /// @return whether it may be
  public boolean mayRepeat() {
    long now = System.nanoTime();
    if (count > 0 && now - last > quiet) {
      count = 0;
    }
    last = now;
    return ++count <= most;
  }
}
