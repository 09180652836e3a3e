package dev.tapline.runtime.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;

/// `runtime completion`.
@Command(
    name = "completion",
    description = "Prints a script by which bash and zsh complete commands and options.",
    footerHeading = "%nExample, for this shell or in ~/.bashrc or ~/.zshrc:%n",
    footer = "  source <(runtime completion)")
final class CompletionCommand implements Callable<Integer> {
  private final Session session;

  CompletionCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    session.out().print(AutoComplete.bash("runtime", Main.commandLine(new RootCommand(), session)));
    return 0;
  }
}
