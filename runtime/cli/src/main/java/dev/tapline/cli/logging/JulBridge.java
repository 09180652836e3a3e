package dev.tapline.cli.logging;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.slf4j.LoggerFactory;

/// Hands what libraries say by `java.util.logging` to the log. Left alone, it would appear on
/// standard error in a form of its own, with secrets unmasked.
final class JulBridge extends Handler {
  private static final SimpleFormatter FORMATTER = new SimpleFormatter();

  private JulBridge() {}

  static void forward() {
    Logger root = LogManager.getLogManager().getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    root.addHandler(new JulBridge());
  }

  @Override
  public void publish(LogRecord record) {
    String logger = record.getLoggerName() == null ? "java" : record.getLoggerName();
    LoggerFactory.getLogger(logger)
        .atLevel(level(record.getLevel()))
        .setCause(record.getThrown())
        .log(FORMATTER.formatMessage(record));
  }

  private static org.slf4j.event.Level level(Level level) {
    if (level.intValue() >= Level.SEVERE.intValue()) {
      return org.slf4j.event.Level.ERROR;
    }
    if (level.intValue() >= Level.WARNING.intValue()) {
      return org.slf4j.event.Level.WARN;
    }
    return level.intValue() >= Level.INFO.intValue()
        ? org.slf4j.event.Level.INFO
        : org.slf4j.event.Level.DEBUG;
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
