package dev.tapline.source.postgres.replication.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class ReadAheadTest {
  private static final long SOON = TimeUnit.SECONDS.toNanos(10);

  private final Feed feed = new Feed();
  private final ReadAhead ahead = new ReadAhead(feed, "test");

  @AfterEach
  void close() {
    ahead.close();
  }

  @Test
  void messagesComeOutInOrderAndAFailureBehindThem() throws Exception {
    for (int number = 0; number < 1_000; number++) {
      feed.queue.add(message(number, 100));
    }
    feed.lost = true;
    ahead.start();
    for (int number = 0; number < 1_000; number++) {
      assertThat(ByteBuffer.wrap(take()).getInt()).isEqualTo(number);
    }
    assertThatThrownBy(this::take).isInstanceOf(IOException.class).hasMessage("lost");
    assertThatThrownBy(this::take).isInstanceOf(IOException.class).hasMessage("lost");
  }

  @Test
  void anErrorIsToldToWhoTakesTheMessages() throws Exception {
    for (Throwable error :
        List.of(
            new OutOfMemoryError("Java heap space"),
            new StackOverflowError(),
            new NoClassDefFoundError("gone"))) {
      Feed failing = new Feed();
      failing.error = error;
      failing.queue.add(message(1, 10));
      try (ReadAhead reading = new ReadAhead(failing, "test")) {
        reading.start();
        assertThat(take(reading)).hasSize(10);
        assertThatThrownBy(() -> take(reading)).isSameAs(error);
      }
    }
    Feed failing = new Feed();
    failing.error = new IllegalStateException("odd");
    try (ReadAhead reading = new ReadAhead(failing, "test")) {
      reading.start();
      assertThatThrownBy(() -> take(reading))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("the thread that reads died", "odd");
    }
  }

  @Test
  void noMoreIsTakenThanTheLimitWhileNobodyDecodes() throws Exception {
    int size = 64 << 10;
    int all = 4 * (int) (ReadAhead.LIMIT / size);
    for (int number = 0; number < all; number++) {
      feed.queue.add(message(number, size));
    }
    ahead.start();
    while (feed.taken.get() * size < ReadAhead.LIMIT + ReadAhead.BLOCK) {
      Thread.sleep(10);
    }
    // One more block is in the reader's hands, and in a while there is none beyond it.
    Thread.sleep(200);
    assertThat(feed.taken.get() * size).isEqualTo(ReadAhead.LIMIT + ReadAhead.BLOCK);
    for (int number = 0; number < all; number++) {
      assertThat(ByteBuffer.wrap(take()).getInt()).isEqualTo(number);
    }
    assertThat(ahead.poll()).isNull();
  }

  @Test
  void aMessageLargerThanTheLimitPasses() throws Exception {
    feed.queue.add(message(1, 10));
    feed.queue.add(message(2, (int) ReadAhead.LIMIT + 1));
    feed.queue.add(message(3, 10));
    ahead.start();
    for (int number = 1; number <= 3; number++) {
      assertThat(ByteBuffer.wrap(take()).getInt()).isEqualTo(number);
    }
  }

  @Test
  void waitingEndsWithTheFirstMessage() throws Exception {
    ahead.start();
    assertThat(ahead.poll()).isNull();
    long begin = System.nanoTime();
    ahead.await(TimeUnit.MILLISECONDS.toNanos(20));
    assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(20_000_000);
    assertThat(ahead.poll()).isNull();
    feed.queue.add(message(7, 10));
    ahead.await(SOON);
    assertThat(ahead.isLight()).isTrue();
    assertThat(take()).hasSize(10);
  }

  private byte[] take() throws IOException, InterruptedException {
    return take(ahead);
  }

  private static byte[] take(ReadAhead from) throws IOException, InterruptedException {
    byte @Nullable [] message = from.poll();
    while (message == null) {
      from.await(SOON);
      message = from.poll();
    }
    return message;
  }

  private static byte[] message(int number, int size) {
    return ByteBuffer.allocate(size).putInt(number).array();
  }

  private static final class Feed implements ReadAhead.Messages {
    private final LinkedBlockingQueue<byte[]> queue = new LinkedBlockingQueue<>();
    private final AtomicLong taken = new AtomicLong();
    private volatile boolean lost;
    private volatile @Nullable Throwable error;

    @Override
    public byte @Nullable [] read() throws IOException {
      byte @Nullable [] message = queue.poll();
      if (message == null && lost) {
        throw new IOException("lost");
      }
      switch (message == null ? error : null) {
        case Error e -> throw e;
        case RuntimeException e -> throw e;
        case null, default -> {}
      }
      if (message != null) {
        taken.incrementAndGet();
      }
      return message;
    }

    @Override
    public boolean wasEmptied() {
      return false;
    }

    @Override
    public void await(long nanos) throws IOException {
      try {
        TimeUnit.MILLISECONDS.sleep(1);
      } catch (InterruptedException e) {
        throw new IOException("closed", e);
      }
    }
  }
}
