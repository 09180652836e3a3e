package dev.tapline.runtime.engine;

/// Numbers the versions of streams: the time in milliseconds when a version was begun, made larger
/// where needed so that none comes twice.
final class Generations {
  private long last;

  Generations(long highestKnown) {
    last = highestKnown;
  }

  long next() {
    last = Math.max(last + 1, System.currentTimeMillis());
    return last;
  }
}
