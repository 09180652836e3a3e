package dev.tapline.cli.demo;

import dev.tapline.spi.thread.Threads;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the process alive, once it is asked to end, until the demo's server has ended too. While
/// the server is being prepared, the thread of the demo is interrupted; from then on the run stops
/// by itself, in order.
public final class DemoShutdown implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("demo");
  private static final int PATIENCE_SECONDS = 150;

  private final Thread demo = Thread.currentThread();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook = Threads.platform("demo-ending", this::request);
  private boolean prepared;
  private boolean requested;

  private DemoShutdown() {}

  /// For the demo that this thread is about to begin.
  public static DemoShutdown begin() {
    DemoShutdown ending = new DemoShutdown();
    Runtime.getRuntime().addShutdownHook(ending.hook);
    return ending;
  }

  /// The server is there; whoever asks the process to end from now on asks the run.
  public synchronized void prepared() throws InterruptedException {
    if (requested) {
      throw new InterruptedException();
    }
    prepared = true;
  }

  /// Whether the process was asked to end.
  public synchronized boolean isRequested() {
    return requested;
  }

  private void request() {
    synchronized (this) {
      requested = true;
      if (!prepared) {
        demo.interrupt();
      }
    }
    try {
      if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("the demo did not end within {} s; its server ends now", PATIENCE_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    ended.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      LOG.debug("the process is ending, so the hook stays", e);
    }
  }
}
