package dev.tapline.sink.parquet.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

final class ColumnWorkersTest {
  @Test
  void doesEachPieceOnce() throws Exception {
    try (ColumnWorkers workers = new ColumnWorkers(4)) {
      workers.enter();
      AtomicIntegerArray done = new AtomicIntegerArray(100);
      workers.forEach(100, done::incrementAndGet);
      for (int i = 0; i < 100; i++) {
        assertThat(done.get(i)).isEqualTo(1);
      }
    }
  }

  @Test
  void usesAnIdleCore() throws Exception {
    try (ColumnWorkers workers = new ColumnWorkers(2)) {
      workers.enter();
      CountDownLatch both = new CountDownLatch(2);
      Set<Thread> threads = ConcurrentHashMap.newKeySet();
      workers.forEach(
          2,
          piece -> {
            threads.add(Thread.currentThread());
            both.countDown();
            awaitUninterrupted(both);
          });
      assertThat(threads).hasSize(2);
    }
  }

  @Test
  void leavesWritersAloneThatAreAsManyAsCores() throws Exception {
    try (ColumnWorkers workers = new ColumnWorkers(2)) {
      workers.enter();
      workers.enter();
      Set<Thread> threads = ConcurrentHashMap.newKeySet();
      workers.forEach(20, piece -> threads.add(Thread.currentThread()));
      assertThat(threads).containsExactly(Thread.currentThread());
    }
  }

  @Test
  void throwsWhatAPieceThrows() {
    try (ColumnWorkers workers = new ColumnWorkers(3)) {
      workers.enter();
      assertThatThrownBy(() ->
              workers.forEach(
                  50,
                  piece -> {
                    throw new IOException("piece failed");
                  }))
          .isInstanceOf(IOException.class)
          .hasMessage("piece failed");
    }
  }

  private static void awaitUninterrupted(CountDownLatch latch) throws IOException {
    try {
      if (!latch.await(20, TimeUnit.SECONDS)) {
        throw new IOException("nobody else came");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
