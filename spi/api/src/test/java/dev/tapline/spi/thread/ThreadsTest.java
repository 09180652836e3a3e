package dev.tapline.spi.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ThreadsTest {
  private static final List<Throwable> WHAT_MAY_LEAVE_A_THREAD =
      List.of(
          new IOException("odd"),
          new NullPointerException(),
          new AssertionError("odd"),
          new StackOverflowError(),
          new NoClassDefFoundError("gone"),
          new OutOfMemoryError("Java heap space"));

  private record Death(String thread, Throwable cause) {}

  private final BlockingQueue<Death> deaths = new LinkedBlockingQueue<>();

  private static Threads.Work failing(Throwable cause) {
    return () -> {
      switch (cause) {
        case Error e -> throw e;
        case Exception e -> throw e;
        default -> throw new IllegalArgumentException(cause);
      }
    };
  }

  private Death next() throws InterruptedException {
    Death death = deaths.poll(10, TimeUnit.SECONDS);
    assertThat(death).isNotNull();
    return death;
  }

  @Test
  void whateverLeavesAThreadIsToldToTheWatcherOfTheOneThatMadeIt() throws Exception {
    try (Threads.Watch _ = Threads.watch((thread, cause) -> deaths.add(new Death(thread, cause)))) {
      for (Throwable cause : WHAT_MAY_LEAVE_A_THREAD) {
        Threads.platform("one", failing(cause)).start();
        assertThat(next()).isEqualTo(new Death("one", cause));
        Threads.daemon("two", failing(cause)).start();
        assertThat(next()).isEqualTo(new Death("two", cause));
        // The watcher is inherited over several threads.
        Threads.virtual("three", () -> Threads.virtual("four", failing(cause)).start()).start();
        assertThat(next()).isEqualTo(new Death("four", cause));
      }
    }
  }

  @Test
  void anOwnerIsToldInThePlaceOfTheWatcher() throws Exception {
    try (Threads.Watch _ = Threads.watch((thread, cause) -> deaths.add(new Death(thread, cause)))) {
      Throwable cause = new StackOverflowError();
      Threads.daemon("one", failing(cause), e -> deaths.add(new Death("told", e))).start();
      assertThat(next()).isEqualTo(new Death("told", cause));
      assertThat(deaths).isEmpty();
    }
  }

  @Test
  void itIsToldOnceThereIsRoomForIt() throws Exception {
    int[] attempts = new int[1];
    Threads.virtual(
            "one",
            failing(new OutOfMemoryError("Java heap space")),
            e -> {
              if (attempts[0]++ < 3) {
                throw new OutOfMemoryError("Java heap space");
              }
              deaths.add(new Death("one", e));
            })
        .start();
    assertThat(next().thread()).isEqualTo("one");
    assertThat(attempts[0]).isEqualTo(4);
  }

  @Test
  void tasksOfAPoolTellTheirFutureOrTheWatcher() throws Exception {
    try (Threads.Watch _ = Threads.watch((thread, cause) -> deaths.add(new Death(thread, cause)))) {
      for (ExecutorService pool :
          List.of(
              Threads.pool("p"),
              Threads.pool("p", 2),
              Threads.virtualPool("p"),
              Threads.virtualPool("p", 2))) {
        try (pool) {
          AssertionError cause = new AssertionError("odd");
          pool.execute(() -> {
            throw cause;
          });
          assertThat(next()).isEqualTo(new Death("p", cause));
          Future<?> future =
              pool.submit(() -> {
                throw cause;
              });
          assertThatThrownBy(future::get).hasCause(cause);
          assertThat(deaths).isEmpty();
        }
      }
    }
  }

  @Test
  void whoAwaitsATaskGetsItsErrorAsItIs() {
    OutOfMemoryError full = new OutOfMemoryError("Java heap space");
    assertThatThrownBy(() -> Threads.failure(new ExecutionException(full))).isSameAs(full);
    IOException failure = new IOException("odd");
    assertThat(Threads.failure(new ExecutionException(failure))).isSameAs(failure);
  }

  @Test
  void whoeverAsksForTheEndIsNotTold() throws Exception {
    try (Threads.Watch _ = Threads.watch((thread, cause) -> deaths.add(new Death(thread, cause)))) {
      Thread asleep = Threads.virtual("one", () -> Thread.sleep(60_000));
      asleep.start();
      asleep.interrupt();
      asleep.join();
      assertThat(deaths).isEmpty();
    }
  }
}
