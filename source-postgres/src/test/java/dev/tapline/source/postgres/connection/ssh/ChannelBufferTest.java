package dev.tapline.source.postgres.connection.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ChannelBufferTest {
  private static final int MUCH = 10 << 20;

  private final ChannelBuffers buffers = new ChannelBuffers();
  private final ChannelBuffer buffer = new ChannelBuffer(buffers, () -> null);

  private static FutureTask<Void> deliver(ChannelBuffer buffer, int bytes, long seed) {
    FutureTask<Void> delivery =
        new FutureTask<>(() -> {
          Random random = new Random(seed);
          byte[] packet = new byte[16_000];
          try (OutputStream sink = buffer.sink()) {
            for (int left = bytes; left > 0; left -= packet.length) {
              random.nextBytes(packet);
              sink.write(packet, 0, Math.min(left, packet.length));
            }
          }
          return null;
        });
    Thread.ofPlatform().daemon().start(delivery);
    return delivery;
  }

  private static void expect(ChannelBuffer buffer, int bytes, long seed) throws IOException {
    Random random = new Random(seed);
    byte[] packet = new byte[16_000];
    int known = 0;
    int at = 0;
    byte[] some = new byte[7_001];
    int total = 0;
    for (int count = buffer.read(some, 0, some.length, 0);
        count >= 0;
        count = buffer.read(some, 0, some.length, 0)) {
      for (int i = 0; i < count; i++) {
        if (at == known) {
          random.nextBytes(packet);
          known = packet.length;
          at = 0;
        }
        if (some[i] != packet[at++]) {
          throw new AssertionError("another byte than was sent, at " + (total + i));
        }
      }
      total += count;
    }
    assertThat(total).isEqualTo(bytes);
  }

  @Test
  void whoeverDeliversWaitsForAReaderThatIsBehindWhileNobodyElseWaits() throws Exception {
    FutureTask<Void> delivery = deliver(buffer, MUCH, 1);
    assertThatThrownBy(() -> delivery.get(300, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    assertThat(buffer.available()).isLessThan(512 << 10);

    expect(buffer, MUCH, 1);
    delivery.get();
  }

  @Test
  void whatComesForAReaderThatIsBehindIsPutAsideInOrderWhileAnotherWaits() throws Exception {
    buffers.beginWait();
    FutureTask<Void> delivery = deliver(buffer, MUCH, 2);
    delivery.get(30, TimeUnit.SECONDS);
    assertThat(buffer.available()).isEqualTo(MUCH);
    buffers.endWait();

    expect(buffer, MUCH, 2);
    buffer.close();
  }

  @Test
  void aReaderMayCatchUpWhileMoreIsPutAside() throws Exception {
    buffers.beginWait();
    FutureTask<Void> delivery = deliver(buffer, 3 * MUCH, 3);
    expect(buffer, 3 * MUCH, 3);
    delivery.get();
  }

  @Test
  void aBufferThatIsClosedKeepsNobodyWaiting() throws Exception {
    FutureTask<Void> delivery = deliver(buffer, MUCH, 4);
    while (!buffer.isBehind()) {
      Thread.onSpinWait();
    }
    buffer.close();

    delivery.get(10, TimeUnit.SECONDS);
    assertThatThrownBy(() -> buffer.read(new byte[1], 0, 1, 0))
        .isInstanceOf(IOException.class)
        .hasMessage("the connection is closed");
  }

  @Test
  void aReadThatMayNotWaitForEverEndsAsThatOfASocketDoes() {
    assertThatThrownBy(() -> buffer.read(new byte[1], 0, 1, 20))
        .isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void theEndOfTheConnectionBelowIsToldAfterWhatHasArrived() throws Exception {
    ChannelBuffer lost =
        new ChannelBuffer(buffers, () -> new IOException("the connection was lost"));
    try (OutputStream sink = lost.sink()) {
      sink.write(new byte[] {42}, 0, 1);
    }
    byte[] one = new byte[2];
    assertThat(lost.read(one, 0, 2, 0)).isEqualTo(1);
    assertThat(one[0]).isEqualTo((byte) 42);
    assertThatThrownBy(() -> lost.read(one, 0, 2, 0)).hasMessage("the connection was lost");
  }
}
