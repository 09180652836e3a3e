package dev.tapline.cli.command;

import dev.tapline.engine.StopSignal;
import dev.tapline.spi.thread.Threads;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns SIGTERM and SIGINT into a request to stop, and keeps the process alive until the run has
/// ended in order. The JVM then exits with 143 or 130 by itself.
final class Signals implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("run");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook;

  private Signals(StopSignal stop) {
    hook =
        Threads.platform(
            "stop",
            () -> {
              stop.request();
              LOG.info("asked to stop: finishing what is at hand");
              if (!ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                LOG.error(
                    "the run did not end within {} s; the next one goes on from the last checkpoint",
                    PATIENCE.toSeconds());
              }
            });
  }

  /// Asks `stop` when the process is asked to end, from now on until this is closed.
  static Signals request(StopSignal stop) {
    Signals signals = new Signals(stop);
    Runtime.getRuntime().addShutdownHook(signals.hook);
    return signals;
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
