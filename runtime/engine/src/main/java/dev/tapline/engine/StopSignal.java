package dev.tapline.engine;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Asks a run to end: what is at hand is finished, a checkpoint is made, and nothing new begins.
/// Safe for all threads.
public final class StopSignal {
  private final CountDownLatch requested = new CountDownLatch(1);

  /// A signal that nobody has given yet.
  public StopSignal() {}

  /// Asks. May be called again.
  public void request() {
    requested.countDown();
  }

  /// Whether it was asked.
  public boolean isRequested() {
    return requested.getCount() == 0;
  }

  /// Waits until it is asked, or the time is over.
  ///
  /// @return whether it was asked
  public boolean await(Duration time) throws InterruptedException {
    return requested.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }
}
