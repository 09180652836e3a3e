package dev.tapline.engine.failure;

import dev.tapline.engine.StopSignal;
import dev.tapline.engine.StoppedException;
import dev.tapline.spi.TransientException;
import dev.tapline.spi.thread.Threads;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decides, after failures that may pass, when to try again and when to give up: the waits double
/// from half a second to half a minute, each shortened at random so that many readers do not come
/// back at one moment. One thread at a time.
public final class RetryPolicy {
  private static final Logger LOG = LoggerFactory.getLogger("retry");
  private static final Duration FIRST_WAIT = Duration.ofMillis(500);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final Duration retryFor;
  private final StopSignal stop;
  private Duration wait = FIRST_WAIT;
  private long firstFailure;
  private boolean failing;

  public RetryPolicy(Duration retryFor, StopSignal stop) {
    this.retryFor = retryFor;
    this.stop = stop;
  }

  /// Something worked: the next failure is a first one.
  public void succeeded() {
    failing = false;
    wait = FIRST_WAIT;
  }

  /// Waits before the next attempt.
  ///
  /// @param what what is attempted, for the log
  /// @throws IOException the cause, when the time for retries is over or the run is to stop
  public void failed(String what, TransientException cause)
      throws IOException, InterruptedException {
    long now = System.nanoTime();
    if (!failing) {
      failing = true;
      firstFailure = now;
    }
    Duration since = Duration.ofNanos(now - firstFailure);
    if (since.plus(wait).compareTo(retryFor) > 0) {
      throw new IOException(
          cause.getMessage()
              + (since.toSeconds() > 0 ? "; gave up after " + since.toSeconds() + " s" : ""),
          cause);
    }
    Duration pause =
        wait.multipliedBy(ThreadLocalRandom.current().nextLong(50, 101)).dividedBy(100);
    LOG.warn("{}: {}; trying again in {} ms", what, cause.getMessage(), pause.toMillis());
    if (stop.await(pause)) {
      throw new IOException(cause.getMessage() + "; stopped before another attempt", cause);
    }
    Duration doubled = wait.multipliedBy(2);
    wait = doubled.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : doubled;
  }

  /// Something that may have to be attempted more than once.
  public interface Attempt<T> {
    T run() throws IOException, InterruptedException;
  }

  /// The same as [#call], and given up at once when the run is to stop: the attempt is interrupted.
  ///
  /// @throws StoppedException if it was
  public <T> T callUntilStop(String what, Attempt<T> attempt)
      throws IOException, InterruptedException {
    Interruption interruption = new Interruption(Thread.currentThread());
    Thread watcher = Threads.virtual("stop-watch", () -> interruption.await(stop));
    watcher.start();
    try {
      return call(what, attempt);
    } catch (InterruptedException e) {
      if (!interruption.end()) {
        throw e;
      }
      throw new StoppedException(what + ": stopped", e);
    } finally {
      watcher.interrupt();
      if (interruption.end()) {
        // It was meant for the attempt alone.
        Thread.interrupted();
      }
    }
  }

  /// Interrupts a thread when the run is to stop, unless what it does has ended.
  private static final class Interruption {
    private final Thread thread;
    private boolean ended;
    private boolean happened;

    Interruption(Thread thread) {
      this.thread = thread;
    }

    void await(StopSignal stop) throws InterruptedException {
      if (stop.await(Duration.ofDays(36_500))) {
        interrupt();
      }
    }

    private synchronized void interrupt() {
      if (!ended) {
        happened = true;
        thread.interrupt();
      }
    }

    /// Whether it was interrupted; from now on it will not be.
    synchronized boolean end() {
      ended = true;
      return happened;
    }
  }

  /// Attempts until it works or the time for retries is over.
  public <T> T call(String what, Attempt<T> attempt) throws IOException, InterruptedException {
    while (true) {
      try {
        T result = attempt.run();
        succeeded();
        return result;
      } catch (TransientException e) {
        failed(what, e);
      }
    }
  }
}
