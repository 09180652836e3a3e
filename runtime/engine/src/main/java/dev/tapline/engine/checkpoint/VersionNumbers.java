package dev.tapline.engine.checkpoint;

import java.time.InstantSource;

/// Numbers the versions of streams: the time in milliseconds when a version was begun, made larger
/// where needed so that each is above all before it.
public final class VersionNumbers {
  private final InstantSource machine;
  private long last;

  /// @param highestKnown the highest version that state or destination know of
  VersionNumbers(InstantSource machine, long highestKnown) {
    this.machine = machine;
    last = highestKnown;
  }

  public synchronized long next() {
    last = Math.max(last + 1, machine.millis());
    return last;
  }

  synchronized long last() {
    return last;
  }
}
