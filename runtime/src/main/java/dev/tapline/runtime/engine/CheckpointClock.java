package dev.tapline.runtime.engine;

import dev.tapline.runtime.descriptor.Pipeline;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.sink.Sink;
import java.time.Duration;

/// Says when the next checkpoint is due: by rows, bytes or time, whichever comes first. The first
/// change after a quiet time is due at once; those that follow it wait for the interval.
final class CheckpointClock {
  /// How often a place in a log is written down when there is nothing else to write.
  private static final long IDLE_NANOS = Duration.ofSeconds(10).toNanos();

  private static final long SOON_NANOS = Duration.ofMillis(5).toNanos();

  private static final long USUAL_ROWS = 1_000_000;

  private final long mostRows;
  private final long mostBytes;
  private final long interval;
  private long rows;
  private long bytes;
  private long since = System.nanoTime();

  /// @param sink has a wish where the settings say nothing
  CheckpointClock(Pipeline.Engine settings, Sink sink) {
    this.mostRows =
        settings.checkpointRows().orElseGet(() -> sink.checkpointRows().orElse(USUAL_ROWS));
    this.mostBytes = settings.checkpointBytes();
    this.interval = settings.checkpointInterval().toNanos();
  }

  void count(Batch batch) {
    rows += batch.rows();
    bytes += batch.payloadBytes();
  }

  /// Whether no row was counted since the last checkpoint.
  boolean isEmpty() {
    return rows == 0;
  }

  /// @param busy whether a checkpoint is on its way: then time alone makes no other one due
  boolean isDue(boolean busy) {
    if (rows >= mostRows || bytes >= mostBytes) {
      return true;
    }
    long elapsed = System.nanoTime() - since;
    return !busy && elapsed >= (rows > 0 ? interval : Math.max(interval, IDLE_NANOS));
  }

  /// How long to wait for rows, at the most, so that the next checkpoint comes in time.
  Duration patience(Duration most) {
    if (rows == 0) {
      return most;
    }
    long left = Math.max(SOON_NANOS, interval - (System.nanoTime() - since));
    return left < most.toNanos() ? Duration.ofNanos(left) : most;
  }

  void restart() {
    rows = 0;
    bytes = 0;
    since = System.nanoTime();
  }
}
