package dev.tapline.cli.command;

import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `runtime completion`.
@Command(
    name = "completion",
    description = "Prints a script by which bash and zsh complete commands and options.",
    footerHeading = "%nExample, for this shell or in ~/.bashrc or ~/.zshrc:%n",
    footer = "  source <(runtime completion)")
public final class CompletionCommand implements Callable<Integer> {
  private final CommandContext context;
  private final Supplier<CommandLine> commands;

  /// @param commands makes the command line with all its commands
  public CompletionCommand(CommandContext context, Supplier<CommandLine> commands) {
    this.context = context;
    this.commands = commands;
  }

  @Override
  public Integer call() {
    context.out().print(AutoComplete.bash("runtime", commands.get()));
    return 0;
  }
}
