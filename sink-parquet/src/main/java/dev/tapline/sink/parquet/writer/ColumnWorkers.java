package dev.tapline.sink.parquet.writer;

import dev.tapline.spi.thread.Threads;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Threads that encode columns in parallel while there are more cores than writers. Thread-safe.
public final class ColumnWorkers implements Closeable {
  private final int cores;
  private final AtomicInteger writers = new AtomicInteger();
  private final AtomicReference<@Nullable ExecutorService> threads = new AtomicReference<>();

  /// Work that is split into pieces.
  interface Task {
    /// @param index the piece to do
    void run(int index) throws IOException;
  }

  /// @param cores the number of threads that may run at once, including the writers' own
  public ColumnWorkers(int cores) {
    this.cores = cores;
  }

  /// Registers a writer, which uses a core.
  public void enter() {
    writers.incrementAndGet();
  }

  /// Unregisters a writer.
  public void leave() {
    writers.decrementAndGet();
  }

  /// Runs all pieces on the caller's thread and on idle workers, and waits for them.
  void forEach(int pieces, Task task) throws IOException, InterruptedException {
    int workers = Math.min(pieces, cores / Math.max(1, writers.get())) - 1;
    if (workers <= 0) {
      for (int i = 0; i < pieces; i++) {
        task.run(i);
      }
      return;
    }
    Work work = new Work(pieces, task, workers);
    for (int i = 0; i < workers; i++) {
      threads().execute(work::help);
    }
    work.run();
    work.await();
  }

  @Override
  public void close() {
    ExecutorService running = threads.getAndSet(null);
    if (running != null) {
      running.shutdown();
    }
  }

  private ExecutorService threads() {
    ExecutorService running = threads.get();
    if (running != null) {
      return running;
    }
    ExecutorService made = Threads.pool("columns", cores);
    if (threads.compareAndSet(null, made)) {
      return made;
    }
    made.shutdown();
    return threads();
  }

  private static final class Work {
    private final int pieces;
    private final Task task;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final CountDownLatch helping;

    Work(int pieces, Task task, int workers) {
      this.pieces = pieces;
      this.task = task;
      this.helping = new CountDownLatch(workers);
    }

    void help() {
      try {
        run();
      } finally {
        helping.countDown();
      }
    }

    void run() {
      try {
        for (int i = next.getAndIncrement(); i < pieces; i = next.getAndIncrement()) {
          task.run(i);
        }
      } catch (IOException | RuntimeException | Error e) {
        failure.compareAndSet(null, e);
        next.set(pieces);
      }
    }

    // Even when interrupted, wait: nobody may touch the batch after the call has returned.
    void await() throws IOException, InterruptedException {
      boolean interrupted = false;
      while (true) {
        try {
          helping.await();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        throw new InterruptedException("while columns were being written");
      }
      switch (failure.get()) {
        case null -> {}
        case IOException e -> throw e;
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable e -> throw new IOException(e);
      }
    }
  }
}
