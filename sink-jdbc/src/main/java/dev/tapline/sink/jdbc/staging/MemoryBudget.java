package dev.tapline.sink.jdbc.staging;

import java.util.concurrent.atomic.AtomicLong;

/// The memory that the writers of a sink may use together.
public final class MemoryBudget {
  private static final int SHARE = 5;

  private final long limit = Runtime.getRuntime().maxMemory() / SHARE;
  private final AtomicLong used = new AtomicLong();

  void change(long bytes) {
    used.addAndGet(bytes);
  }

  boolean isSpent() {
    return used.get() > limit;
  }
}
