package dev.tapline.source.postgres.snapshot;

import dev.tapline.source.postgres.sql.SqlFailures;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts how often a standby has cancelled our queries because of what its primary did. After each
/// time, tables are read in smaller ranges: a short query is seldom in the way, and costs less to
/// repeat.
public final class RecoveryConflicts {
  private static final int FACTOR = 4;
  private static final int MAX_REDUCTIONS = 3;
  private static final long MIN_SIZE = 1L << 20;

  private final AtomicInteger seen = new AtomicInteger();

  /// Counts a failure if it is a recovery conflict.
  void look(SQLException failure) {
    if (SqlFailures.isRecoveryConflict(failure)) {
      seen.incrementAndGet();
    }
  }

  /// How large a range should be, given the conflicts so far.
  public long splitSize(long configured) {
    long size = configured;
    for (int i = Math.min(MAX_REDUCTIONS, seen.get()); i > 0 && size > MIN_SIZE; i--) {
      size = Math.max(MIN_SIZE, size / FACTOR);
    }
    return size;
  }
}
