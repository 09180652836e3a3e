package dev.tapline.source.postgres.replication.routing;

/// The transaction whose changes are coming in. For use by one thread at a time.
final class CurrentTransaction {
  private boolean running;
  private long number;
  private long commitLsn;
  private long commitTime;
  private long id;
  private long index;

  void begin(long lsn, long time, long transaction) {
    running = true;
    number++;
    commitLsn = lsn;
    commitTime = time;
    id = transaction;
    index = 0;
  }

  void end() {
    running = false;
  }

  boolean isRunning() {
    return running;
  }

  /// Counts the transactions of this read.
  long number() {
    return number;
  }

  long commitLsn() {
    return commitLsn;
  }

  long commitTime() {
    return commitTime;
  }

  long id() {
    return id;
  }

  /// The index of the next row.
  long next() {
    return index++;
  }
}
