package dev.tapline.spi.sink;

import dev.tapline.spi.catalog.Temporals;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/// A clock that only goes forward, whatever becomes of the machine's: each time is later than all
/// that were given before, by this run and by the runs before it. Names and numbers that are read
/// in the order of time take their time from here. While the machine's clock is behind, times are a
/// microsecond apart.
///
/// Times are microseconds since 1970. Safe for all threads.
public final class GrowingClock {
  private final InstantSource machine;
  private final AtomicLong last;

  /// @param machine the machine's clock
  /// @param last the last time that was given before; 0 for none
  public GrowingClock(InstantSource machine, long last) {
    this.machine = machine;
    this.last = new AtomicLong(last);
  }

  /// The next time.
  public long next() {
    return next(1);
  }

  /// The first of `count` times that follow each other, a microsecond apart, and are given to
  /// nobody else.
  public long next(int count) {
    long now = Math.addExact(Temporals.micros(machine.instant()), Temporals.EPOCH_MICROS);
    return last.accumulateAndGet(now, (before, given) -> Math.max(before + 1, given) + count - 1)
        - count
        + 1;
  }

  /// Goes on from a time that was given elsewhere, if it is later than all that are known here.
  public void resumeFrom(long time) {
    last.accumulateAndGet(time, Math::max);
  }

  /// The last time that was given.
  public long last() {
    return last.get();
  }
}
