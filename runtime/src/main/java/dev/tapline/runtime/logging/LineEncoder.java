package dev.tapline.runtime.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;

/// Makes a line, or several, of a log event, with its secrets masked.
interface LineEncoder {
  /// The key of the diagnostic context that names the stream.
  String STREAM = "stream";

  /// The lines, the last of which ends with a line feed too.
  String encode(ILoggingEvent event);

  /// `engine` for a logger of Tapline; the last part of the name for any other.
  static String shortName(String logger) {
    return logger.substring(logger.lastIndexOf('.') + 1);
  }

  /// The messages of an exception and its causes as one sentence, each said once.
  static String sentence(IThrowableProxy thrown) {
    StringBuilder sentence = new StringBuilder();
    for (IThrowableProxy at = thrown; at != null; at = at.getCause()) {
      String message =
          at.getMessage() == null ? shortName(at.getClassName()) : at.getMessage().strip();
      if (sentence.indexOf(message) < 0) {
        sentence.append(sentence.isEmpty() ? "" : ": ").append(message);
      }
    }
    return sentence.toString();
  }
}
