package dev.tapline.source.postgres.connection.ssh;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What has arrived on one channel and has not been read yet.
final class ChannelBuffer {
  private static final int BEHIND = 256 << 10;
  private static final int FULL = 4 << 20;
  private static final long TOO_FAR = 1L << 30;

  private final ChannelBuffers buffers;
  private final Condition arrived;
  private final Supplier<@Nullable IOException> end;
  private final SpillFile spill = new SpillFile();
  private final Deque<byte[]> chunks = new ArrayDeque<>();
  // Where the unread part of the first chunk begins, and how much is unread in all of them.
  private int start;
  private int size;
  private boolean open = true;
  private boolean closedHere;
  private boolean hungry;
  private @Nullable IOException failure;

  /// @param end asked when the channel ends: why it did, or nothing if the server ended it
  ChannelBuffer(ChannelBuffers buffers, Supplier<@Nullable IOException> end) {
    this.buffers = buffers;
    this.end = end;
    this.arrived = buffers.lock.newCondition();
  }

  boolean isOpen() {
    return open;
  }

  boolean isBehind() {
    return size + spill.size() >= BEHIND;
  }

  boolean isTooFarBehind() {
    return spill.size() >= TOO_FAR;
  }

  private boolean isEmpty() {
    return size == 0 && spill.size() == 0;
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
    buffers.lock.lock();
    try {
      if (open && !buffers.awaitRoom(this)) {
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
      buffers.lock.unlock();
    }
  }

  // The file is local and no more than a copy of memory most of the time, so the lock is kept.
  private void keep(byte[] bytes, int offset, int length) {
    if (spill.size() == 0 && size < FULL) {
      chunks.add(Arrays.copyOfRange(bytes, offset, offset + length));
      size += length;
      return;
    }
    try {
      spill.write(bytes, offset, length);
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

  /// Reads as a socket's stream does.
  ///
  /// @param timeout milliseconds; 0 for no limit
  /// @return how many bytes; -1 at the end
  int read(byte[] into, int offset, int length, int timeout) throws IOException {
    if (length == 0) {
      return 0;
    }
    buffers.lock.lock();
    try {
      if (isEmpty() && open) {
        hungry = true;
        buffers.beginWait();
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
      if (spill.size() > 0) {
        int count = spill.read(into, offset, length);
        buffers.roomMade();
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
      buffers.lock.unlock();
    }
  }

  // At once when something arrives: until the reader's thread runs, much more could.
  private void satisfied() {
    if (hungry) {
      hungry = false;
      buffers.endWait();
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
    int count = 0;
    while (count < length && size > 0) {
      byte[] chunk = chunks.getFirst();
      int some = Math.min(length - count, chunk.length - start);
      System.arraycopy(chunk, start, into, offset + count, some);
      count += some;
      start += some;
      size -= some;
      if (start == chunk.length) {
        chunks.removeFirst();
        start = 0;
      }
    }
    if (behind && !isBehind()) {
      buffers.roomMade();
    }
    return count;
  }

  int available() {
    buffers.lock.lock();
    try {
      return (int) Math.min(Integer.MAX_VALUE, size + spill.size());
    } finally {
      buffers.lock.unlock();
    }
  }

  /// The server's side of the channel has ended, or the connection below. What has arrived can
  /// still be read.
  private void ended() {
    @Nullable IOException why = end.get();
    buffers.lock.lock();
    try {
      if (open) {
        open = false;
        failure = why;
        arrived.signalAll();
        buffers.roomMade();
      }
    } finally {
      buffers.lock.unlock();
    }
  }

  /// Nobody will read any more.
  void close() throws IOException {
    buffers.lock.lock();
    try {
      open = false;
      closedHere = true;
      size = 0;
      chunks.clear();
      arrived.signalAll();
      buffers.roomMade();
      spill.close();
    } finally {
      buffers.lock.unlock();
    }
  }
}
