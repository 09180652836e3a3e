package dev.tapline.sink.parquet;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// The memory that all writers of a sink may use together. When it is exhausted, writers that use
/// their share or more flush their rows. Safe for use by several threads.
final class MemoryBudget {
  private final long limit;
  private final AtomicLong used = new AtomicLong();
  private final AtomicInteger writers = new AtomicInteger();

  MemoryBudget(long limit) {
    this.limit = limit;
  }

  /// The share of one writer. Not thread-safe.
  final class Share implements AutoCloseable {
    private long own;

    private Share() {
      writers.incrementAndGet();
    }

    /// Reports how much memory the writer uses.
    ///
    /// @return whether the writer should flush
    boolean isSpent(long bytes) {
      long all = used.addAndGet(bytes - own);
      own = bytes;
      return all > limit && bytes >= limit / Math.max(1, writers.get());
    }

    @Override
    public void close() {
      used.addAndGet(-own);
      own = 0;
      writers.decrementAndGet();
    }
  }

  Share share() {
    return new Share();
  }
}
