package dev.tapline.cli;

import dev.tapline.boot.Application;
import dev.tapline.boot.Launcher;
import dev.tapline.cli.command.CheckCommand;
import dev.tapline.cli.command.CommandContext;
import dev.tapline.cli.command.CompletionCommand;
import dev.tapline.cli.command.DemoCommand;
import dev.tapline.cli.command.DescribeCommand;
import dev.tapline.cli.command.DiscoverCommand;
import dev.tapline.cli.command.DropSlotCommand;
import dev.tapline.cli.command.ErrorReporter;
import dev.tapline.cli.command.InitCommand;
import dev.tapline.cli.command.LogsCommand;
import dev.tapline.cli.command.PluginsCommand;
import dev.tapline.cli.command.ReportCommand;
import dev.tapline.cli.command.ResetCommand;
import dev.tapline.cli.command.RootCommand;
import dev.tapline.cli.command.RunCommand;
import dev.tapline.cli.command.RunsCommand;
import dev.tapline.cli.command.SchemaCommand;
import dev.tapline.cli.command.SlotsCommand;
import dev.tapline.cli.command.StateCommand;
import dev.tapline.cli.command.TapCommand;
import dev.tapline.spi.thread.Threads;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/// The command line.
public final class Main implements Application {
  private static final Logger LOG = LoggerFactory.getLogger("run");

  /// For the launcher.
  public Main() {}

  @Override
  public int run(Path home, Launcher boot, String[] arguments) {
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    Thread.setDefaultUncaughtExceptionHandler(Main::died);
    return run(CommandContext.distribution(home, boot), System.getenv(), out, err, arguments);
  }

  /// A thread that a library has made.
  private static void died(Thread thread, Throwable cause) {
    if (!Threads.tell(thread, cause)) {
      LOG.error("the thread '{}' has died: {}", thread.getName(), cause, cause);
    }
  }

  public static int run(
      CommandContext.Plugins plugins,
      Map<String, String> environment,
      PrintStream out,
      PrintStream err,
      String... arguments) {
    RootCommand root = new RootCommand();
    CommandContext session = new CommandContext(plugins, environment, root.options, out);
    CommandLine line = commandLine(root, session, arguments);
    ErrorReporter errors = new ErrorReporter(root.options);
    line.setOut(new PrintWriter(out, false, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
    line.setParameterExceptionHandler(errors);
    line.setExecutionExceptionHandler(errors);
    line.setExecutionStrategy(parsed -> {
      root.options.configureLogging();
      return execute(parsed);
    });
    int code = line.execute(arguments);
    line.getOut().flush();
    out.flush();
    return code;
  }

  // What handles a command's exceptions does not know errors.
  private static int execute(ParseResult parsed) {
    try {
      return new RunLast().execute(parsed);
    } catch (Error e) {
      throw new ExecutionException(parsed.commandSpec().commandLine(), e.toString(), e);
    }
  }

  /// All commands, as help and completion show them.
  private static CommandLine commandLine(RootCommand root, CommandContext session) {
    return commandLine(root, session, new String[0]);
  }

  /// The commands that these arguments need: the one that is named first, or else all. Each takes
  /// picocli some ten milliseconds to look at, which a command that runs once a minute should not
  /// spend on those that nobody asked for.
  private static CommandLine commandLine(
      RootCommand root, CommandContext session, String[] arguments) {
    CommandLine line = new CommandLine(root);
    Map<String, Supplier<CommandLine>> commands = commands(session);
    @Nullable Supplier<CommandLine> named =
        arguments.length == 0 ? null : commands.get(arguments[0]);
    if (named != null) {
      line.addSubcommand(named.get());
    } else {
      commands.values().forEach(command -> line.addSubcommand(command.get()));
    }
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpAutoWidth(true);
    line.setUsageHelpLongOptionsMaxWidth(30);
    addHelp(line);
    return line;
  }

  /// A new command is added here, and gets what it needs from the session.
  private static Map<String, Supplier<CommandLine>> commands(CommandContext session) {
    Map<String, Supplier<CommandLine>> commands = new LinkedHashMap<>();
    commands.put("run", () -> new CommandLine(new RunCommand(session)));
    commands.put("check", () -> new CommandLine(new CheckCommand(session)));
    commands.put("discover", () -> new CommandLine(new DiscoverCommand(session)));
    commands.put("tap", () -> new CommandLine(new TapCommand(session)));
    commands.put("init", () -> new CommandLine(new InitCommand(session)));
    commands.put("runs", () -> new CommandLine(new RunsCommand(session)));
    commands.put("report", () -> new CommandLine(new ReportCommand(session)));
    commands.put("logs", () -> new CommandLine(new LogsCommand(session)));
    commands.put("state", () -> new CommandLine(new StateCommand(session)));
    commands.put("reset", () -> new CommandLine(new ResetCommand(session)));
    commands.put(
        "slots",
        () ->
            new CommandLine(new SlotsCommand(session)).addSubcommand(new DropSlotCommand(session)));
    commands.put(
        "plugins",
        () ->
            new CommandLine(new PluginsCommand(session))
                .addSubcommand(new DescribeCommand(session))
                .addSubcommand(new SchemaCommand(session)));
    commands.put("demo", () -> new CommandLine(new DemoCommand(session)));
    commands.put(
        "completion",
        () ->
            new CommandLine(
                new CompletionCommand(session, () -> commandLine(new RootCommand(), session))));
    return commands;
  }

  private static void addHelp(CommandLine line) {
    line.getCommandSpec().mixinStandardHelpOptions(true);
    line.getSubcommands().values().forEach(Main::addHelp);
  }
}
