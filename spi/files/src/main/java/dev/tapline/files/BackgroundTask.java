package dev.tapline.files;

import dev.tapline.spi.thread.Threads;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/// Runs one step at a time on another thread while its owner continues. Not thread-safe.
public final class BackgroundTask {
  private final String name;
  private @Nullable FutureTask<Void> underWay;

  /// @param name the name of the thread
  public BackgroundTask(String name) {
    this.name = name;
  }

  /// Whether a step is still running.
  public boolean isBusy() {
    FutureTask<Void> step = underWay;
    return step != null && !step.isDone();
  }

  /// Starts a step after the previous one has ended.
  ///
  /// @throws IOException if the previous step has failed
  public void start(Callable<Void> step) throws IOException {
    await();
    FutureTask<Void> next = new FutureTask<>(step);
    underWay = next;
    Threads.daemon(name, next::run).start();
  }

  /// Waits for the running step, if any.
  ///
  /// @throws IOException if it has failed
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
          // The step would fail if its resources were closed now: wait, then restore the interrupt.
          interrupted = true;
        } catch (ExecutionException e) {
          throw Threads.failure(e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
