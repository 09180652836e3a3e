package dev.tapline.cli.options;

import dev.tapline.cli.logging.LogFormat;
import dev.tapline.cli.logging.Logging;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.event.Level;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// The options of every command.
public final class GlobalOptions {
  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show stack traces of errors.")
  private boolean debug;

  @Option(
      names = "--log-format",
      scope = ScopeType.INHERIT,
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "How log lines look: text or json. Default: text.")
  private LogFormat logFormat = LogFormat.TEXT;

  @Option(
      names = "--log-level",
      scope = ScopeType.INHERIT,
      paramLabel = "LEVEL",
      defaultValue = "info",
      description = "The least level to show: error, warn, info, debug or trace. Default: info.")
  private Level logLevel = Level.INFO;

  @Option(
      names = "--plugins",
      scope = ScopeType.INHERIT,
      paramLabel = "DIR",
      description = {
        "A folder of plug-ins besides those of the distribution, each a jar or a folder of jars.",
        "Default: the environment variable TAPLINE_PLUGINS."
      })
  private List<Path> plugins = List.of();

  /// Whether stack traces shall be shown.
  public boolean debug() {
    return debug;
  }

  /// The folders of plug-ins that the command line names.
  public List<Path> plugins() {
    return plugins;
  }

  public void configureLogging() {
    Logging.configure(logFormat, logLevel, debug);
  }
}
