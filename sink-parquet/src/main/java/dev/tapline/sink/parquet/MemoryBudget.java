package dev.tapline.sink.parquet;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// How much the writers of a sink may keep in memory together. A writer that has its share, or
/// more, of a budget that is spent writes out what it has. Safe for use by several threads.
final class MemoryBudget {
  private final long limit;
  private final AtomicLong used = new AtomicLong();
  private final AtomicInteger writers = new AtomicInteger();

  MemoryBudget(long limit) {
    this.limit = limit;
  }

  /// A writer's part of it. One thread at a time.
  final class Share implements AutoCloseable {
    private long own;

    private Share() {
      writers.incrementAndGet();
    }

    /// Says how much the writer has in memory.
    ///
    /// @return whether it shall write that out
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
