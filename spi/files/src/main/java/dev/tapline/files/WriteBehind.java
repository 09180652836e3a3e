package dev.tapline.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/// Has the operating system bring a file to the disk while it is still being written. Left to the
/// end, all of it would be waited for at once, by all writers at the same time. One thread at a
/// time.
public final class WriteBehind {
  private static final long STEP = 16 << 20;

  private final FileChannel channel;
  private long nextAt = STEP;
  private @Nullable FutureTask<Void> underWay;

  /// For a file that is written through the channel.
  public WriteBehind(FileChannel channel) {
    this.channel = channel;
  }

  /// Tells how much was written. It does not wait: where the disk is slower, the steps grow.
  ///
  /// @throws IOException if what was written before did not reach the disk
  public void written(long bytes) throws IOException {
    FutureTask<Void> before = underWay;
    if (bytes < nextAt || (before != null && !before.isDone())) {
      return;
    }
    await();
    nextAt = bytes + STEP;
    FutureTask<Void> next =
        new FutureTask<>(() -> {
          channel.force(false);
          return null;
        });
    underWay = next;
    Thread.ofPlatform().daemon().name("write-behind").start(next);
  }

  /// Waits for what is under way.
  ///
  /// @throws IOException if it did not reach the disk
  public void await() throws IOException {
    FutureTask<Void> waiting = underWay;
    if (waiting == null) {
      return;
    }
    underWay = null;
    boolean interrupted = false;
    try {
      while (true) {
        try {
          waiting.get();
          return;
        } catch (InterruptedException e) {
          // To close the channel under it would make it fail: it is waited for, then the thread
          // told.
          interrupted = true;
        } catch (ExecutionException e) {
          throw e.getCause() instanceof IOException cause
              ? cause
              : new IOException(String.valueOf(e.getCause()), e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
