package dev.tapline.source.postgres.replication.stream;

/// The longest pause, found by experiment: it grows while throughput does not drop, and shrinks
/// where a shorter one brings more data.
///
/// Over TCP the buffers between a server and its reader hold much more than arrives in the longest
/// pause. Over a Unix socket they hold little (some 280 changes, on Linux), and how much a network
/// buffers between two machines is unknown: there the server waits for a reader that pauses, and
/// the rate tells only how long the pauses are.
final class AdaptivePauseLimit {
  private static final long[] LEVELS = {312_500, 1_250_000, 5_000_000, 20_000_000};
  private static final int FIRST = 1;
  private static final int WINDOW = 8;
  private static final double AS_GOOD = 0.85;
  private static final double BETTER = 1.25;
  private static final long MIN_PAUSE = 500_000_000;
  private static final long MAX_PAUSE = 8_000_000_000L;

  private int level = FIRST;
  private int tried = FIRST;
  private boolean triedUp;
  private double usual;
  private long pause = MIN_PAUSE;
  private long untilTrial;
  private int rests;
  private long bytes;
  private long nanos;

  /// The longest rest now.
  long limit() {
    return LEVELS[tried];
  }

  /// Takes note of a rest under load, and what came after it.
  ///
  /// @param came how many bytes
  /// @param span nanoseconds of the rest and of reading
  void rested(long came, long span) {
    bytes += came;
    nanos += span;
    untilTrial -= span;
    if (++rests < WINDOW) {
      return;
    }
    double rate = (double) bytes / nanos;
    rests = 0;
    bytes = 0;
    nanos = 0;
    if (tried == level) {
      usual = rate;
      begin();
    } else {
      decide(triedUp ? rate > usual * AS_GOOD : rate > usual * BETTER);
    }
  }

  private void begin() {
    if (untilTrial > 0) {
      return;
    }
    boolean up = level == 0 || (level < LEVELS.length - 1 && !triedUp);
    triedUp = up;
    tried = level + (up ? 1 : -1);
  }

  private void decide(boolean success) {
    if (success) {
      level = tried;
      pause = MIN_PAUSE;
      untilTrial = 0;
      // On in the same direction.
      triedUp = !triedUp;
    } else {
      tried = level;
      pause = Math.min(MAX_PAUSE, pause * 2);
      untilTrial = pause;
    }
  }
}
