package dev.tapline.cli.command;

import dev.tapline.cli.descriptor.StateLocation;
import dev.tapline.cli.options.DescriptorArgument;
import dev.tapline.cli.options.FormatOption;
import dev.tapline.cli.output.RunsText;
import dev.tapline.cli.runs.KeptRun;
import dev.tapline.cli.runs.KeptRuns;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `runtime runs`.
@Command(
    name = "runs",
    description = {
      "Lists the runs of a pipeline of which logs and reports are kept, the newest first.",
      "It reads the state folder alone: neither source nor destination is opened, and no secret asked for."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  runtime runs pipeline.yaml",
      "  runtime runs --format json pipeline.yaml | jq '.runs[0].outcome'",
      "",
      "'engine.keep-runs' says how many are kept; 'runtime report' and 'runtime logs' show one of them.",
      "Exit codes: 0 listed; 1 the folder cannot be read; 2 the descriptor or the call is wrong."
    })
public final class RunsCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger("runs");

  private final CommandContext context;

  @Mixin private DescriptorArgument descriptor = new DescriptorArgument();

  @Mixin private FormatOption format = new FormatOption();

  public RunsCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    StateLocation place = context.stateLocation(descriptor.path());
    KeptRuns kept = new KeptRuns(place);
    List<KeptRun> runs = kept.newestFirst();
    context
        .out()
        .print(
            format.isJson()
                ? RunsText.json(place.pipeline(), runs, Instant.now())
                : RunsText.table(place.pipeline(), kept.folder(), runs, Instant.now()));
    for (KeptRun run : runs) {
      if (!run.problem().isEmpty()) {
        LOG.warn("run {}: its report cannot be read: {}", run.name(), run.problem());
      }
    }
    for (Path foreign : kept.foreign()) {
      LOG.warn("'{}' does not belong to any run and is left out", foreign);
    }
    return 0;
  }
}
