package dev.tapline.cli.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Lines for people.
final class TextEncoder implements LineEncoder {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

  private final boolean stackTraces;

  TextEncoder(boolean stackTraces) {
    this.stackTraces = stackTraces;
  }

  @Override
  public String encode(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(128);
    TIME.formatTo(Instant.ofEpochMilli(event.getTimeStamp()), line);
    line.append(String.format(Locale.ROOT, " %-5s ", event.getLevel()));
    if (!event.getLevel().isGreaterOrEqual(Level.INFO) || isForeign(event.getLoggerName())) {
      line.append('[').append(LineEncoder.shortName(event.getLoggerName())).append("] ");
    }
    String stream = event.getMDCPropertyMap().get(STREAM);
    if (stream != null && !event.getFormattedMessage().startsWith(SUBJECT)) {
      line.append(SUBJECT).append(stream).append(": ");
    }
    line.append(LineEncoder.message(event));
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown != null && !stackTraces) {
      String message = thrown.getMessage();
      if (message == null || line.indexOf(message.strip()) < 0) {
        line.append(": ").append(LineEncoder.sentence(thrown));
      }
    }
    line.append('\n');
    if (thrown != null && stackTraces) {
      line.append(ThrowableProxyUtil.asString(thrown).replace("\r\n", "\n"));
    }
    return Secrets.mask(line.toString());
  }

  // Tapline's own loggers have plain words for names, or are named after its classes.
  private static boolean isForeign(String logger) {
    return logger.indexOf('.') >= 0 && !logger.startsWith("dev.tapline.");
  }
}
