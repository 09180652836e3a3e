package dev.tapline.cli.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Writes the events of a level and above, one at a time.
final class LineAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
  /// Where lines go.
  interface Output {
    void write(String lines) throws IOException;
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Level threshold;
  private final LineEncoder encoder;
  private final Output target;
  private @Nullable IOException failure;

  LineAppender(
      String name, LoggerContext context, Level threshold, LineEncoder encoder, Output target) {
    this.threshold = threshold;
    this.encoder = encoder;
    this.target = target;
    setName(name);
    setContext(context);
  }

  /// What the first write that failed said; nothing is written after it.
  @Nullable IOException failure() {
    lock.lock();
    try {
      return failure;
    } finally {
      lock.unlock();
    }
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (!event.getLevel().isGreaterOrEqual(threshold)) {
      return;
    }
    String lines = encoder.encode(event);
    // The log is the one place where I/O under a lock is meant: lines must not mix.
    lock.lock();
    try {
      if (failure == null) {
        target.write(lines);
      }
    } catch (IOException e) {
      failure = e;
    } finally {
      lock.unlock();
    }
  }
}
