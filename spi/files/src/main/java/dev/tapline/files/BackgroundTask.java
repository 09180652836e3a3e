package dev.tapline.files;

import dev.tapline.spi.thread.Threads;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/// One step at a time that is done by another thread, while its owner goes on. One owner at a time.
public final class BackgroundTask {
  private final String name;
  private @Nullable FutureTask<Void> underWay;

  /// @param name of the thread
  public BackgroundTask(String name) {
    this.name = name;
  }

  /// Whether a step is still under way.
  public boolean isBusy() {
    FutureTask<Void> step = underWay;
    return step != null && !step.isDone();
  }

  /// Begins a step, once the one before has ended.
  ///
  /// @throws IOException if the one before has failed
  public void start(Callable<Void> step) throws IOException {
    await();
    FutureTask<Void> next = new FutureTask<>(step);
    underWay = next;
    Threads.daemon(name, next::run).start();
  }

  /// Waits for the step that is under way.
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
          // To take away what it works with would make it fail: it is waited for, then the thread
          // told.
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
