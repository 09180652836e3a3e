package dev.tapline.cli.command;

import dev.tapline.cli.options.GlobalOptions;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `runtime` without a command.
@Command(
    name = "runtime",
    header = "Copies PostgreSQL databases to where people use the data.",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = Version.class,
    footerHeading = "%nExamples:%n",
    footer = {
      "  runtime check pipeline.yaml      looks whether everything that a run needs is there",
      "  runtime run pipeline.yaml        runs it",
      "  runtime run --continuous pipeline.yaml",
      "  runtime runs pipeline.yaml       lists what has run; report and logs show one run",
      "  runtime plugins describe sink jsonl",
      "",
      "Exit codes: 0 all that was asked for is done; 1 something failed, though the call was right; 2 the",
      "descriptor or the call is wrong, and nothing was begun; 130 and 143 stopped."
    })
public final class RootCommand implements Runnable {
  public @Mixin GlobalOptions options = new GlobalOptions();

  @Spec CommandSpec spec;

  public RootCommand() {
    spec = CommandSpec.create();
  }

  @Override
  public void run() {
    throw new ParameterException(new CommandLine(spec), "a command is missing");
  }
}
