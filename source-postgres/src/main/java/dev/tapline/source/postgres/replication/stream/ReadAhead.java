package dev.tapline.source.postgres.replication.stream;

import dev.tapline.spi.thread.Threads;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Reads a slot's messages on a thread of its own, ahead of the one that decodes them, so that the
/// server goes on while rows are decoded and written.
///
/// What it holds is bounded by bytes: once there is [#LIMIT], it leaves the rest to the server.
/// Messages come out in the order in which they came in, and a failure behind all of them.
final class ReadAhead implements AutoCloseable {
  static final int BLOCK = 256 << 10;
  static final long LIMIT = 4 << 20;

  private static final long MAX_WAIT = 1_000_000_000;

  /// Where messages come from.
  interface Messages {
    /// As [ReplicationConnection#read()].
    byte @Nullable [] read() throws IOException;

    /// As [ReplicationConnection#wasEmptied()].
    boolean wasEmptied();

    /// As [ReplicationConnection#await(long)].
    void await(long nanos) throws IOException;
  }

  private final Messages connection;
  private final ReadPacing pace = new ReadPacing(System.nanoTime());
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Block> blocks = new ArrayDeque<>();
  private long held;
  private @Nullable Throwable failure;
  private volatile boolean light = true;
  private volatile boolean closed;

  // Of the thread that reads.
  private List<byte[]> filling = new ArrayList<>();
  private long filled;

  // Of the thread that decodes.
  private Block current = Block.EMPTY;
  private int next;

  private record Block(List<byte[]> messages, long bytes) {
    static final Block EMPTY = new Block(List.of(), 0);
  }

  /// @param name the slot's, to name the thread
  ReadAhead(Messages connection, String name) {
    this.connection = connection;
    this.thread = Threads.daemon("log-" + name, this::run, this::fail);
  }

  void start() {
    thread.start();
  }

  /// The next message, if there is one.
  ///
  /// @throws IOException as [ReplicationConnection#read()], when every message before was taken
  byte @Nullable [] poll() throws IOException {
    if (next == current.messages.size() && !nextBlock()) {
      return null;
    }
    return current.messages.get(next++);
  }

  private boolean nextBlock() throws IOException {
    lock.lock();
    try {
      held -= current.bytes;
      next = 0;
      Block taken = blocks.poll();
      current = taken == null ? Block.EMPTY : taken;
      changed.signalAll();
      if (taken == null && failure != null) {
        throw failure(failure);
      }
      return taken != null;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until there is a message, or reading has failed.
  ///
  /// @param nanos how long at the most
  void await(long nanos) throws InterruptedException {
    long left = nanos;
    lock.lockInterruptibly();
    try {
      while (blocks.isEmpty() && failure == null && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Whether so little comes that waiting for more would only cost time.
  boolean isLight() {
    return light;
  }

  private void run() throws IOException {
    try {
      try {
        read();
      } finally {
        // What came before a failure was sent by the server, and is as good as the rest.
        hand();
      }
    } catch (InterruptedException e) {
      throw new IOException(thread.getName() + ": the read was closed", e);
    }
  }

  private IOException failure(Throwable cause) {
    return switch (cause) {
      case IOException e -> e;
      case Error e -> throw e;
      default ->
          new IOException(thread.getName() + ": the thread that reads died: " + cause, cause);
    };
  }

  private void read() throws IOException, InterruptedException {
    while (!closed) {
      boolean emptied = connection.wasEmptied();
      byte @Nullable [] message = emptied ? null : connection.read();
      if (message != null) {
        pace.took(message.length);
        filling.add(message);
        filled += message.length;
        if (filled >= BLOCK) {
          hand();
        }
        continue;
      }
      hand();
      if (!emptied && pace.isIdle()) {
        connection.await(MAX_WAIT);
      } else {
        TimeUnit.NANOSECONDS.sleep(pace.rest(System.nanoTime()));
      }
    }
  }

  private void hand() throws InterruptedException {
    light = pace.isLight();
    if (filling.isEmpty()) {
      return;
    }
    lock.lockInterruptibly();
    try {
      while (held > 0 && held + filled > LIMIT) {
        changed.await();
      }
      held += filled;
      blocks.add(new Block(filling, filled));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    filling = new ArrayList<>(filling.size());
    filled = 0;
  }

  private void fail(Throwable cause) {
    lock.lock();
    try {
      failure = cause;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Ends the thread, which notices at the latest when the connection is closed.
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
