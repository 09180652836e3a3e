package dev.tapline.source.postgres.connection.ssh;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What has arrived on one channel and was not read yet.
final class ChannelBuffer {
  private static final int SMALLEST = 64 << 10;
  private static final int BEHIND = 256 << 10;
  private static final int FULL = 4 << 20;
  private static final long TOO_FAR = 1L << 30;

  private final ChannelBuffers lanes;
  private final Condition arrived;
  private final Supplier<@Nullable IOException> end;
  private final SpillFile overflow = new SpillFile();
  private byte[] ring = new byte[SMALLEST];
  private int start;
  private int size;
  private boolean open = true;
  private boolean closedHere;
  private boolean hungry;
  private @Nullable IOException failure;

  /// @param end asked when the channel ends: why it did, or nothing if the server ended it
  ChannelBuffer(ChannelBuffers lanes, Supplier<@Nullable IOException> end) {
    this.lanes = lanes;
    this.end = end;
    this.arrived = lanes.lock.newCondition();
  }

  boolean isOpen() {
    return open;
  }

  boolean isBehind() {
    return size + overflow.size() >= BEHIND;
  }

  boolean isTooFarBehind() {
    return overflow.size() >= TOO_FAR;
  }

  private boolean isEmpty() {
    return size == 0 && overflow.size() == 0;
  }

  /// Where JSch's thread writes what arrives.
  OutputStream sink() {
    return new OutputStream() {
      @Override
      public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        put(bytes, offset, length);
      }

      @Override
      public void close() {
        ended();
      }
    };
  }

  private void put(byte[] bytes, int offset, int length) throws IOException {
    lanes.lock.lock();
    try {
      if (open && !lanes.awaitRoom(this)) {
        fail(
            "what arrived was not read for a minute, while others waited for the same SSH connection",
            null);
      }
      if (open) {
        keep(bytes, offset, length);
        satisfied();
        arrived.signalAll();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the SSH connection is being closed");
    } finally {
      lanes.lock.unlock();
    }
  }

  // The file is local and no more than a copy of memory most of the time, so the lock is kept.
  private void keep(byte[] bytes, int offset, int length) {
    if (overflow.size() == 0 && size < FULL) {
      append(bytes, offset, length);
      return;
    }
    try {
      overflow.write(bytes, offset, length);
    } catch (IOException e) {
      fail(
          "what arrived while others waited for the same SSH connection cannot be put aside in "
              + System.getProperty("java.io.tmpdir"),
          e);
    }
  }

  private void fail(String message, @Nullable IOException cause) {
    failure = new IOException(message, cause);
    open = false;
    arrived.signalAll();
  }

  private void append(byte[] bytes, int offset, int length) {
    if (size + length > ring.length) {
      byte[] larger = new byte[Math.max(ring.length * 2, Integer.highestOneBit(size + length) * 2)];
      int first = Math.min(size, ring.length - start);
      System.arraycopy(ring, start, larger, 0, first);
      System.arraycopy(ring, 0, larger, first, size - first);
      ring = larger;
      start = 0;
    }
    int at = (start + size) % ring.length;
    int first = Math.min(length, ring.length - at);
    System.arraycopy(bytes, offset, ring, at, first);
    System.arraycopy(bytes, offset + first, ring, 0, length - first);
    size += length;
  }

  /// Reads as a socket's stream does.
  ///
  /// @param timeout milliseconds; 0 for no limit
  /// @return how many bytes; -1 at the end
  int read(byte[] into, int offset, int length, int timeout) throws IOException {
    if (length == 0) {
      return 0;
    }
    lanes.lock.lock();
    try {
      if (isEmpty() && open) {
        hungry = true;
        lanes.begin();
        try {
          await(timeout);
        } finally {
          satisfied();
        }
      }
      if (closedHere) {
        throw new IOException("the connection is closed");
      }
      if (size > 0) {
        return take(into, offset, length);
      }
      if (overflow.size() > 0) {
        int count = overflow.read(into, offset, length);
        lanes.roomMade();
        return count;
      }
      if (failure != null) {
        throw new IOException(failure.getMessage(), failure);
      }
      return -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while reading through SSH");
    } finally {
      lanes.lock.unlock();
    }
  }

  // At once when something arrives: until the reader's thread runs, much more could.
  private void satisfied() {
    if (hungry) {
      hungry = false;
      lanes.end();
    }
  }

  private void await(int timeout) throws InterruptedException, SocketTimeoutException {
    long left = timeout == 0 ? Long.MAX_VALUE : TimeUnit.MILLISECONDS.toNanos(timeout);
    while (isEmpty() && open) {
      if (left <= 0) {
        throw new SocketTimeoutException("nothing arrived through SSH in " + timeout + " ms");
      }
      left = arrived.awaitNanos(left);
    }
  }

  private int take(byte[] into, int offset, int length) {
    boolean behind = isBehind();
    int count = Math.min(length, size);
    int first = Math.min(count, ring.length - start);
    System.arraycopy(ring, start, into, offset, first);
    System.arraycopy(ring, 0, into, offset + first, count - first);
    start = (start + count) % ring.length;
    size -= count;
    if (size == 0) {
      start = 0;
      if (ring.length > 2 * BEHIND) {
        ring = new byte[SMALLEST];
      }
    }
    if (behind && !isBehind()) {
      lanes.roomMade();
    }
    return count;
  }

  int available() {
    lanes.lock.lock();
    try {
      return (int) Math.min(Integer.MAX_VALUE, size + overflow.size());
    } finally {
      lanes.lock.unlock();
    }
  }

  /// The server's side of the channel has ended, or the connection below. What has arrived can
  /// still be read.
  private void ended() {
    @Nullable IOException why = end.get();
    lanes.lock.lock();
    try {
      if (open) {
        open = false;
        failure = why;
        arrived.signalAll();
        lanes.roomMade();
      }
    } finally {
      lanes.lock.unlock();
    }
  }

  /// Nobody will read any more.
  void close() throws IOException {
    lanes.lock.lock();
    try {
      open = false;
      closedHere = true;
      size = 0;
      ring = new byte[0];
      arrived.signalAll();
      lanes.roomMade();
      overflow.close();
    } finally {
      lanes.lock.unlock();
    }
  }
}
