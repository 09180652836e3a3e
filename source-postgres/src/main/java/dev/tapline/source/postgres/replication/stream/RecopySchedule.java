package dev.tapline.source.postgres.replication.stream;

import dev.tapline.spi.catalog.StreamName;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Which streams of a database must be copied anew while its log is read, and when that may begin.
///
/// What makes it necessary often comes in numbers: a job truncates one partition after another. So
/// there is a delay to collect them, which grows as long as copies follow each other. Safe for use
/// by several threads.
public final class RecopySchedule {
  // As many waits as that fit between two looks at the tables.
  private static final int WAITS_BETWEEN_LOOKS = 12;
  private static final Duration MAX_WAIT = Duration.ofMinutes(5);
  private static final Duration QUIET = Duration.ofMinutes(10);
  private static final int MAX_COPIES_IN_A_BOUNDED_RUN = 3;

  private final Map<StreamName, String> reasons = new HashMap<>();
  private final Map<StreamName, Integer> counts = new HashMap<>();
  private final Duration firstWait;
  private Duration wait;
  private long last = System.nanoTime() - QUIET.toNanos();

  /// @param betweenLooks how often the tables are checked
  public RecopySchedule(Duration betweenLooks) {
    this.firstWait = betweenLooks.dividedBy(WAITS_BETWEEN_LOOKS);
    this.wait = firstWait;
  }

  /// The streams that are to be copied anew, with the reasons.
  public synchronized Map<StreamName, String> reasons() {
    return Map.copyOf(reasons);
  }

  /// Records that a stream is being copied anew.
  public synchronized void begins(StreamName stream) {
    reasons.remove(stream);
  }

  /// How long to wait before streams are given up to be copied anew.
  synchronized Duration pause() {
    long since = System.nanoTime() - last;
    if (since > QUIET.toNanos() + wait.toNanos()) {
      wait = firstWait;
    }
    return wait;
  }

  /// Whether a stream may be copied anew once more in a run that ends with the log.
  synchronized boolean mayRepeat(StreamName stream) {
    return counts.merge(stream, 1, Integer::sum) <= MAX_COPIES_IN_A_BOUNDED_RUN;
  }

  /// Records that streams are given up to be copied anew.
  synchronized void add(Map<StreamName, String> streams) {
    reasons.putAll(streams);
    last = System.nanoTime();
    Duration doubled = wait.multipliedBy(2);
    wait = doubled.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : doubled;
  }
}
