package dev.tapline.source.postgres.log.stream;

/// How long to wait when the socket is empty, so that the server sends many changes at a time.
///
/// The server sends a packet for each change as long as the socket takes it, and that costs it more
/// than to decode the change. A reader that lets the socket fill while it rests makes the server
/// gather changes. Under load the rest is as long as the socket takes to fill about half; with
/// light traffic there is none before rows are handed on.
final class Pace {
  private static final int LIGHT = 16 << 10;
  private static final long SHORTEST = 250_000;
  private static final long LONGEST = 3_000_000;
  private static final int GOAL = LogConnection.RECEIVE_BUFFER / 2;

  private long burst;
  private long rest = SHORTEST;

  /// Something came.
  void took(int bytes) {
    burst += bytes;
  }

  /// Whether nothing came since the last rest.
  boolean isIdle() {
    return burst == 0;
  }

  /// Whether so little came since the last rest that waiting for more would only cost time.
  boolean isLight() {
    return burst < LIGHT;
  }

  /// The socket is empty: how many nanoseconds to rest.
  long rest() {
    if (burst == 0) {
      return SHORTEST;
    }
    // Twice as long when half of the goal came, half as long when the double did.
    double factor = Math.clamp((double) GOAL / burst, 0.5, 2.0);
    rest = Math.clamp((long) (rest * factor), SHORTEST, LONGEST);
    boolean light = isLight();
    burst = 0;
    return light ? SHORTEST : rest;
  }
}
