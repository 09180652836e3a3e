package dev.tapline.cli.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;

/// Makes a line, or several, of a log event, with its secrets masked.
interface LineEncoder {
  /// The key of the diagnostic context that names the stream.
  String STREAM = "stream";

  /// The key of the one that names the database, where a run has several: lines that begin with
  /// `stream schema.table` are then of that one.
  String DATABASE = "database";

  /// What a message begins with that names a stream.
  String SUBJECT = "stream ";

  /// The message, with the stream's database where that is to be said.
  static String message(ILoggingEvent event) {
    String message = event.getFormattedMessage();
    String database = event.getMDCPropertyMap().getOrDefault(DATABASE, "");
    String named = SUBJECT + database + ".";
    return database.isEmpty() || !message.startsWith(SUBJECT) || message.startsWith(named)
        ? message
        : named + message.substring(SUBJECT.length());
  }

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
