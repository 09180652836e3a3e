package dev.tapline.source.postgres.connection.ssh;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What the buffers of one SSH connection's channels share: a single thread of JSch delivers for
/// all of them, and opens a channel's window as soon as it has delivered, not when somebody has
/// read.
///
/// While that thread waits for one channel's reader, nothing arrives for the others either. So it
/// waits for a reader that is behind only as long as nobody else waits for the connection;
/// otherwise that channel's buffer grows, first in memory, then in a file. What is too much for
/// that costs the reader its channel: a split that is tried again is better than a run that stands
/// still.
final class ChannelBuffers {
  private static final long MAX_WAIT = TimeUnit.SECONDS.toNanos(60);

  final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int waiting;

  /// Somebody waits for something to arrive.
  void beginWait() {
    lock.lock();
    try {
      waiting++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Somebody who waited does so no longer.
  void endWait() {
    lock.lock();
    try {
      waiting--;
    } finally {
      lock.unlock();
    }
  }

  /// A buffer has room again, or was closed. Called with the lock held.
  void roomMade() {
    changed.signalAll();
  }

  /// Waits, in JSch's thread and with the lock held, until a buffer may take more.
  ///
  /// @return false if the buffer stayed full for too long while others waited
  boolean awaitRoom(ChannelBuffer buffer) throws InterruptedException {
    long left = MAX_WAIT;
    while (buffer.isOpen() && buffer.isBehind()) {
      if (waiting == 0) {
        changed.await();
        left = MAX_WAIT;
      } else if (!buffer.isTooFarBehind()) {
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
