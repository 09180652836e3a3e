package dev.tapline.runtime.engine;

import dev.tapline.runtime.descriptor.Pipeline;
import dev.tapline.spi.batch.Batch;

/// Says when the next checkpoint is due: by rows, bytes or time, whichever comes first.
final class CheckpointClock {
  private final Pipeline.Engine settings;
  private long rows;
  private long bytes;
  private long since = System.nanoTime();

  CheckpointClock(Pipeline.Engine settings) {
    this.settings = settings;
  }

  void count(Batch batch) {
    rows += batch.rows();
    bytes += batch.payloadBytes();
  }

  boolean isEmpty() {
    return rows == 0;
  }

  boolean isDue() {
    return rows >= settings.checkpointRows()
        || bytes >= settings.checkpointBytes()
        || System.nanoTime() - since >= settings.checkpointInterval().toNanos();
  }

  void restart() {
    rows = 0;
    bytes = 0;
    since = System.nanoTime();
  }
}
