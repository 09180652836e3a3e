package dev.tapline.sink.parquet.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

final class HelpersTest {
  @Test
  void doesEachPieceOnce() throws Exception {
    try (Helpers helpers = new Helpers(4)) {
      helpers.enter();
      AtomicIntegerArray done = new AtomicIntegerArray(100);
      helpers.forEach(100, done::incrementAndGet);
      for (int i = 0; i < 100; i++) {
        assertThat(done.get(i)).isEqualTo(1);
      }
    }
  }

  @Test
  void usesAnIdleCore() throws Exception {
    try (Helpers helpers = new Helpers(2)) {
      helpers.enter();
      CountDownLatch both = new CountDownLatch(2);
      Set<Thread> threads = ConcurrentHashMap.newKeySet();
      helpers.forEach(
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
    try (Helpers helpers = new Helpers(2)) {
      helpers.enter();
      helpers.enter();
      Set<Thread> threads = ConcurrentHashMap.newKeySet();
      helpers.forEach(20, piece -> threads.add(Thread.currentThread()));
      assertThat(threads).containsExactly(Thread.currentThread());
    }
  }

  @Test
  void throwsWhatAPieceThrows() {
    try (Helpers helpers = new Helpers(3)) {
      helpers.enter();
      assertThatThrownBy(() ->
              helpers.forEach(
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
