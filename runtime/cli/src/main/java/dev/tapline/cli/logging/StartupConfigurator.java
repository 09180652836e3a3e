package dev.tapline.cli.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;

/// Tells Logback to look for no configuration file, and to say nothing but warnings until
/// [Logging#configure] has been called.
public final class StartupConfigurator extends ContextAwareBase implements Configurator {
  /// For Logback.
  public StartupConfigurator() {}

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    LineAppender appender =
        new LineAppender("start", context, Level.WARN, new TextEncoder(false), System.err::print);
    appender.start();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(appender);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
