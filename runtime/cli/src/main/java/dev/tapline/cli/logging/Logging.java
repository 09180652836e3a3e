package dev.tapline.cli.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.io.PrintStream;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/// Sets up the log of the process. Lines go to standard error: standard output belongs to data.
public final class Logging {
  private static final String CONSOLE = "console";

  private static volatile PrintStream console = System.err;

  private static volatile boolean json;

  private Logging() {}

  /// Sets the log up, in place of what was set up before.
  ///
  /// @param format how lines look
  /// @param level the least level to show
  /// @param stackTraces whether [LogFormat#TEXT] shows the stack trace of an exception, and not
  ///   just its messages
  public static void configure(LogFormat format, org.slf4j.event.Level level, boolean stackTraces) {
    LoggerContext context = context();
    json = format == LogFormat.JSON;
    LineEncoder encoder = json ? new JsonEncoder() : new TextEncoder(stackTraces);
    Level threshold = Level.convertAnSLF4JLevel(level);
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    LineAppender appender =
        new LineAppender(CONSOLE, context, threshold, encoder, Logging::writeToConsole);
    appender.start();
    root.addAppender(appender);
    // A run's own log has INFO even when the console shows less.
    root.setLevel(Level.INFO.isGreaterOrEqual(threshold) ? threshold : Level.INFO);
    // A pool of connections tells of each beginning and end, which says nothing of a run.
    context
        .getLogger("com.zaxxer.hikari")
        .setLevel(Level.INFO.isGreaterOrEqual(threshold) ? Level.WARN : null);
    // Left alone, what libraries log by java.util.logging would appear on standard error in a form
    // of
    // its own, with secrets unmasked.
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  /// Sends the lines elsewhere from now on: to a display that must clear itself before a line
  /// appears. Each line is one call of `write` on the stream, and a flush.
  ///
  /// @return where they went until now, to be given back
  public static PrintStream redirect(PrintStream stream) {
    PrintStream before = console;
    console = stream;
    return before;
  }

  /// Whether lines are JSON objects, so that standard error is to hold nothing else.
  public static boolean isJson() {
    return json;
  }

  static LoggerContext context() {
    return (LoggerContext) LoggerFactory.getILoggerFactory();
  }

  private static void writeToConsole(String lines) {
    // A PrintStream swallows its errors; a standard error that is gone leaves nobody to tell.
    PrintStream stream = console;
    stream.print(lines);
    stream.flush();
  }
}
