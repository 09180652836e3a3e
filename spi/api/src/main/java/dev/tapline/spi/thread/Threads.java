package dev.tapline.spi.thread;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Starts threads, none of which dies unseen: what ends one is told to its owner, or else to the
/// [Watcher] of the thread that made it, which is the run's. Tapline and its plug-ins start their
/// threads by this class alone.
///
/// Whoever waits for a thread must learn of its end. A thread that others wait for has an owner,
/// who hands on what it is told; a thread whose loss would not be noticed has none, so that the run
/// ends. Safe for all threads.
public final class Threads {
  private static final InheritableThreadLocal<@Nullable Watcher> WATCHER =
      new InheritableThreadLocal<>();
  private static final int MOST_ATTEMPTS = 50;
  private static final long MILLIS_BETWEEN = 100;

  private Threads() {}

  /// What a thread does. An [InterruptedException] is an end in order: somebody asked for it.
  @FunctionalInterface
  public interface Work {
    /// Works.
    void run() throws Exception;
  }

  /// Is told of threads that have died.
  @FunctionalInterface
  public interface Watcher {
    /// A thread has died. Called by that thread.
    ///
    /// @param thread its name
    /// @param cause what has left it
    void died(String thread, Throwable cause);
  }

  /// Until it is closed, a thread has a watcher.
  public interface Watch extends AutoCloseable {
    @Override
    void close();
  }

  /// Has a watcher told of the threads that the calling thread makes until the watch is closed, and
  /// of those that they make.
  public static Watch watch(Watcher watcher) {
    @Nullable Watcher before = WATCHER.get();
    WATCHER.set(watcher);
    return () -> WATCHER.set(before);
  }

  /// Tells the calling thread's watcher that it has died, for threads that libraries have made.
  ///
  /// @return false if it has none
  public static boolean tell(Thread thread, Throwable cause) {
    @Nullable Watcher watcher = WATCHER.get();
    if (watcher == null) {
      return false;
    }
    untilItFits(() -> watcher.died(thread.getName(), cause));
    return true;
  }

  /// A thread that has not started, and keeps the process alive.
  public static Thread platform(String name, Work work) {
    return Thread.ofPlatform().name(name).unstarted(seen(work, null));
  }

  /// The same, with an owner.
  ///
  /// @param owner is told what has ended the thread, by that thread
  public static Thread platform(String name, Work work, Consumer<Throwable> owner) {
    return Thread.ofPlatform().name(name).unstarted(seen(work, owner));
  }

  /// A thread that has not started, and does not keep the process alive.
  public static Thread daemon(String name, Work work) {
    return Thread.ofPlatform().daemon().name(name).unstarted(seen(work, null));
  }

  /// The same, with an owner.
  ///
  /// @param owner is told what has ended the thread, by that thread
  public static Thread daemon(String name, Work work, Consumer<Throwable> owner) {
    return Thread.ofPlatform().daemon().name(name).unstarted(seen(work, owner));
  }

  /// A virtual thread that has not started.
  public static Thread virtual(String name, Work work) {
    return Thread.ofVirtual().name(name).unstarted(seen(work, null));
  }

  /// The same, with an owner.
  ///
  /// @param owner is told what has ended the thread, by that thread
  public static Thread virtual(String name, Work work, Consumer<Throwable> owner) {
    return Thread.ofVirtual().name(name).unstarted(seen(work, owner));
  }

  /// Threads that do one task after another, made as they are needed. Failures of submitted tasks
  /// are reported by their future; those of executed tasks go to the watcher.
  public static ExecutorService pool(String name) {
    return Executors.newCachedThreadPool(factory(name));
  }

  /// The same, with so many threads at the most, which do not keep the process alive.
  public static ExecutorService pool(String name, int most) {
    return Executors.newFixedThreadPool(most, work -> daemon(name, work::run));
  }

  /// The same with virtual threads, one for each task.
  public static ExecutorService virtualPool(String name) {
    return Executors.newThreadPerTaskExecutor(work -> virtual(name, work::run));
  }

  /// The same with virtual threads, so many at the most.
  public static ExecutorService virtualPool(String name, int most) {
    return Executors.newFixedThreadPool(most, work -> virtual(name, work::run));
  }

  /// What a task has failed with. What is not an [IOException] is thrown as it is.
  public static IOException failure(ExecutionException failed) {
    return switch (failed.getCause()) {
      case IOException e -> e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case null, default -> new IOException(String.valueOf(failed.getCause()), failed);
    };
  }

  private static ThreadFactory factory(String name) {
    return work -> platform(name, work::run);
  }

  private static Runnable seen(Work work, @Nullable Consumer<Throwable> owner) {
    return () -> {
      try {
        work.run();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Throwable e) {
        if (owner != null) {
          untilItFits(() -> owner.accept(e));
        } else if (!tell(Thread.currentThread(), e)) {
          throw unseen(e);
        }
      }
    };
  }

  // The process's own handler has the last word.
  private static RuntimeException unseen(Throwable cause) {
    return switch (cause) {
      case Error e -> throw e;
      case RuntimeException e -> e;
      default -> new IllegalStateException(cause);
    };
  }

  // Where the heap is full, there may be no room for the sentence that says so, until others have
  // let go of theirs.
  private static void untilItFits(Runnable telling) {
    for (int attempt = 1; ; attempt++) {
      try {
        telling.run();
        return;
      } catch (OutOfMemoryError e) {
        if (attempt == MOST_ATTEMPTS) {
          throw e;
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(MILLIS_BETWEEN);
    } catch (InterruptedException e) {
      // It is told all the same, and ends.
      Thread.currentThread().interrupt();
    }
  }
}
