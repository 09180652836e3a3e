package dev.tapline.files.objects;

import dev.tapline.spi.thread.Threads;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/// Runs the same request for many objects, several at a time, which takes a store no longer than
/// one.
final class ParallelRequests {
  private static final int CONCURRENT_REQUESTS = 8;

  interface Step<T> {
    void run(T item) throws IOException;
  }

  private ParallelRequests() {}

  static <T> void forEach(Collection<T> items, Step<T> step) throws IOException {
    try (ExecutorService threads = Threads.virtualPool("object", CONCURRENT_REQUESTS)) {
      List<Future<?>> steps = new ArrayList<>();
      for (T item : items) {
        steps.add(
            threads.submit(() -> {
              step.run(item);
              return null;
            }));
      }
      try {
        for (Future<?> done : steps) {
          done.get();
        }
      } catch (ExecutionException e) {
        threads.shutdownNow();
        throw Threads.failure(e);
      } catch (InterruptedException e) {
        threads.shutdownNow();
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while objects were being changed");
      }
    }
  }
}
