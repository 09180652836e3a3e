package dev.tapline.runtime.cli;

import dev.tapline.boot.Application;
import dev.tapline.boot.Launcher;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.RunLast;

/// The command line.
public final class Main implements Application {
  /// For the launcher.
  public Main() {}

  @Override
  public int run(Path home, Launcher boot, String[] arguments) {
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    return run(Session.distribution(home, boot), System.getenv(), out, err, arguments);
  }

  static int run(
      Session.Plugins plugins,
      Map<String, String> environment,
      PrintStream out,
      PrintStream err,
      String... arguments) {
    RootCommand root = new RootCommand();
    Session session = new Session(plugins, environment, root.options, out);
    CommandLine line = commandLine(root, session);
    Errors errors = new Errors(root.options);
    line.setOut(new PrintWriter(out, false, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
    line.setParameterExceptionHandler(errors);
    line.setExecutionExceptionHandler(errors);
    line.setExecutionStrategy(parsed -> {
      root.options.configureLogging();
      return new RunLast().execute(parsed);
    });
    int code = line.execute(arguments);
    line.getOut().flush();
    out.flush();
    return code;
  }

  /// All commands. A new one is added here, and gets what it needs from the session.
  static CommandLine commandLine(RootCommand root, Session session) {
    CommandLine line =
        new CommandLine(root)
            .addSubcommand(new RunCommand(session))
            .addSubcommand(new CheckCommand(session))
            .addSubcommand(new DiscoverCommand(session))
            .addSubcommand(new InitCommand(session))
            .addSubcommand(new StateCommand(session))
            .addSubcommand(new ResetCommand(session))
            .addSubcommand(
                new CommandLine(new SlotsCommand(session))
                    .addSubcommand(new DropSlotCommand(session)))
            .addSubcommand(
                new CommandLine(new PluginsCommand(session))
                    .addSubcommand(new DescribeCommand(session))
                    .addSubcommand(new SchemaCommand(session)))
            .addSubcommand(new DemoCommand(session))
            .addSubcommand(new CompletionCommand(session));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpAutoWidth(true);
    line.setUsageHelpLongOptionsMaxWidth(30);
    addHelp(line);
    return line;
  }

  private static void addHelp(CommandLine line) {
    line.getCommandSpec().mixinStandardHelpOptions(true);
    line.getSubcommands().values().forEach(Main::addHelp);
  }
}
