package dev.tapline.engine.checkpoint;

import dev.tapline.engine.Pipeline;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.sink.Sink;
import java.time.Duration;
import java.util.function.LongSupplier;

/// Says when the next checkpoint is due: by rows, bytes or time, whichever comes first. The first
/// change after a quiet time is due at once; those that follow it wait for the interval. Saving a
/// position during a quiet time does not end it.
public final class CheckpointClock {
  /// How often the position in a log is saved when there is nothing else to write.
  private static final long IDLE_NANOS = Duration.ofSeconds(10).toNanos();

  private static final long SOON_NANOS = Duration.ofMillis(5).toNanos();

  private static final long USUAL_ROWS = 1_000_000;

  private final long mostRows;
  private final long mostBytes;
  private final long interval;
  private long rows;
  private long bytes;
  private final LongSupplier nanos;
  private long rowsSince;
  private long positionSince;
  private boolean begun;

  /// @param sink has a wish where the settings say nothing
  public CheckpointClock(Pipeline.Engine settings, Sink sink) {
    this(
        settings.checkpointRows().orElseGet(() -> sink.checkpointRows().orElse(USUAL_ROWS)),
        settings.checkpointBytes(),
        settings.checkpointInterval().toNanos(),
        System::nanoTime);
  }

  /// @param nanos the time
  public CheckpointClock(long mostRows, long mostBytes, long interval, LongSupplier nanos) {
    this.mostRows = mostRows;
    this.mostBytes = mostBytes;
    this.interval = interval;
    this.nanos = nanos;
    this.rowsSince = nanos.getAsLong();
    this.positionSince = rowsSince;
  }

  public void count(Batch batch) {
    count(batch.rows(), batch.payloadBytes());
  }

  public void count(long moreRows, long moreBytes) {
    begun |= moreRows > 0;
    rows += moreRows;
    bytes += moreBytes;
  }

  /// Nothing came. Until something has come, that is a quiet time.
  public void noRows() {
    if (!begun) {
      rowsSince = nanos.getAsLong() - interval;
    }
  }

  /// Whether no row was counted since the last checkpoint.
  public boolean isEmpty() {
    return rows == 0;
  }

  /// @param busy whether a checkpoint is on its way: then time alone makes no other one due
  public boolean isDue(boolean busy) {
    if (rows >= mostRows || bytes >= mostBytes) {
      return true;
    }
    long now = nanos.getAsLong();
    return !busy
        && (rows > 0
            ? now - rowsSince >= interval
            : now - positionSince >= Math.max(interval, IDLE_NANOS));
  }

  /// How long to wait for rows, at the most, so that the next checkpoint comes in time.
  public Duration pollTimeout(Duration most) {
    if (rows == 0) {
      return most;
    }
    long left = Math.max(SOON_NANOS, interval - (nanos.getAsLong() - rowsSince));
    return left < most.toNanos() ? Duration.ofNanos(left) : most;
  }

  /// A checkpoint was made, of the rows if there were some, and of the position.
  public void restart() {
    positionSince = nanos.getAsLong();
    if (rows > 0) {
      rowsSince = positionSince;
    }
    rows = 0;
    bytes = 0;
  }
}
