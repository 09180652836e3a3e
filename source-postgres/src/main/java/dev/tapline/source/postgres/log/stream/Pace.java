package dev.tapline.source.postgres.log.stream;

/// How long to rest when the socket is empty, so that the server's changes come many at a time.
///
/// As long as the socket takes it, the server sends each change by itself, and to deliver it costs
/// more than to decode it. While a reader rests the changes gather in the socket's buffers, where
/// they cost little. Under load the rest is as long as half of the receive buffer takes to fill;
/// with light traffic there is none before rows are handed on.
final class Pace {
  private static final int GOAL = LogConnection.RECEIVE_BUFFER / 2;
  private static final double LIGHT_BYTES_PER_SECOND = 1 << 20;
  private static final double NANOS = 1e9;
  private static final double MEMORY_NANOS = 50e6;
  private static final long SHORTEST = 250_000;
  private static final long LONGEST = 5_000_000;

  private long burst;
  private long since = System.nanoTime();
  private double rate;

  /// Something came.
  void took(int bytes) {
    burst += bytes;
  }

  /// Whether nothing came since the last rest.
  boolean isIdle() {
    return burst == 0;
  }

  /// Whether so little comes that waiting for more would only cost time.
  boolean isLight() {
    return rate < LIGHT_BYTES_PER_SECOND && burst < GOAL / 4;
  }

  /// The socket is empty: how many nanoseconds to rest.
  long rest() {
    long now = System.nanoTime();
    long span = Math.max(1, now - since);
    since = now;
    double weight = Math.min(1, span / MEMORY_NANOS);
    rate += weight * (burst * NANOS / span - rate);
    burst = 0;
    return rate < LIGHT_BYTES_PER_SECOND
        ? SHORTEST
        : Math.clamp((long) (GOAL * NANOS / rate), SHORTEST, LONGEST);
  }
}
