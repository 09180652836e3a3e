package dev.tapline.source.postgres.connection.ssh;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What the channels of one SSH connection have in common: a single thread of JSch brings what
/// arrives for all of them, and opens the windows by which the server may send more.
///
/// While that thread waits for one channel's reader, nothing arrives for the others either. So it
/// waits for a reader that is behind only as long as nobody else wants something of the connection;
/// else that channel's lane grows, first in memory, then in a file. What is too much for that costs
/// the reader its channel: a split that is tried again is better than a run that stands.
final class ChannelBuffers {
  private static final long LONGEST_WAIT = TimeUnit.SECONDS.toNanos(60);

  final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int waiting;

  /// Somebody waits for something to arrive.
  void begin() {
    lock.lock();
    try {
      waiting++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Nobody waits for it any more.
  void end() {
    lock.lock();
    try {
      waiting--;
    } finally {
      lock.unlock();
    }
  }

  /// A lane has room again, or was closed. With the lock held.
  void roomMade() {
    changed.signalAll();
  }

  /// Waits, in JSch's thread and with the lock held, until a lane may take more.
  ///
  /// @return false if the lane stayed full for too long while others waited
  boolean awaitRoom(ChannelBuffer lane) throws InterruptedException {
    long left = LONGEST_WAIT;
    while (lane.isOpen() && lane.isBehind()) {
      if (waiting == 0) {
        changed.await();
        left = LONGEST_WAIT;
      } else if (!lane.isTooFarBehind()) {
        return true;
      } else if (left <= 0) {
        return false;
      } else {
        left = changed.awaitNanos(left);
      }
    }
    return true;
  }
}
