package dev.tapline.cli.command;

import dev.tapline.cli.descriptor.StateLocation;
import dev.tapline.cli.options.FormatOption;
import dev.tapline.cli.options.RunArguments;
import dev.tapline.cli.report.LoadingReport;
import dev.tapline.cli.report.ReportJson;
import dev.tapline.cli.runs.KeptRun;
import dev.tapline.cli.runs.KeptRuns;
import dev.tapline.cli.text.HumanReadable;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `runtime report`.
@Command(
    name = "report",
    description = {
      "Shows the loading report of a run, with the reasons of what failed.",
      "It reads the state folder alone: neither source nor destination is opened, and no secret asked for."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  runtime report pipeline.yaml",
      "  runtime report pipeline.yaml 2026-11-30T02-10-46.123Z",
      "  runtime report --format json pipeline.yaml | jq '.streams[] | select(.error)'",
      "",
      "Exit codes: 0 shown, however the run ended; 1 there is no report; 2 the descriptor or the call is",
      "wrong."
    })
public final class ReportCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin private RunArguments arguments = new RunArguments();

  @Mixin private FormatOption format = new FormatOption();

  public ReportCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    StateLocation place = context.stateLocation(arguments.descriptor());
    KeptRun run = arguments.chosen(new KeptRuns(place), place);
    if (run.summary().isEmpty()) {
      throw missing(run);
    }
    context
        .out()
        .print(
            format.isJson()
                ? Files.readString(run.reportFile()) + "\n"
                : "run %s, started %s: %s%n%s"
                    .formatted(
                        run.name(),
                        HumanReadable.time(run.startedAt()),
                        run.state().said(),
                        new LoadingReport(ReportJson.read(run.reportFile())).text()));
    return 0;
  }

  private IOException missing(KeptRun run) {
    String logs = "'runtime logs %s %s'".formatted(arguments.descriptor(), run.name());
    return new IOException(
        switch (run.state()) {
          case RUNNING ->
              "run %s is going on, and its report comes when it ends; %s shows what it does"
                  .formatted(run.name(), logs);
          case UNREADABLE ->
              "run %s: its report cannot be read: %s; %s shows what it did"
                  .formatted(run.name(), run.problem(), logs);
          default ->
              "run %s has ended without a report, since it was killed or could not write one; %s shows how far it came"
                  .formatted(run.name(), logs);
        });
  }
}
