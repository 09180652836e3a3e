package dev.tapline.cli.command;

import dev.tapline.cli.descriptor.Descriptor;
import dev.tapline.cli.options.DescriptorArgument;
import dev.tapline.cli.options.FormatOption;
import dev.tapline.cli.options.StreamPatterns;
import dev.tapline.cli.options.UsageException;
import dev.tapline.cli.output.DryRunText;
import dev.tapline.engine.Pipeline;
import dev.tapline.engine.PluginFactory;
import dev.tapline.engine.RefusedException;
import dev.tapline.engine.plan.DryRun;
import dev.tapline.engine.select.NamePattern;
import dev.tapline.plugins.LoadedPlugins;
import dev.tapline.spi.sink.Capability;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.source.ChangeLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `runtime run`.
@Command(
    name = "run",
    description = {
      "Runs a pipeline to its end, and prints what it has loaded.",
      "Streams of LOG_BASED are brought up to the end of the log as of the start of the run; with --continuous, they are followed until the run is stopped."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  runtime run pipeline.yaml",
      "  runtime run --stream 'public.order*' pipeline.yaml",
      "  runtime run --continuous pipeline.yaml",
      "  runtime run --dry-run pipeline.yaml",
      "  runtime run --format json pipeline.yaml | jq .outcome",
      "",
      "Ctrl-C and SIGTERM finish what is at hand, make a checkpoint, and end the run.",
      "What fails is told when it does, on standard error; 'runtime report' shows it again.",
      "Exit codes: 0 all that was asked for is done; 1 something failed, the rest is done; 2 the descriptor",
      "or the call is wrong, and nothing was begun; 130 and 143 stopped."
    })
public final class RunCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin private DescriptorArgument descriptor = new DescriptorArgument();

  @Option(
      names = "--stream",
      paramLabel = "PATTERN",
      description =
          "Run only the selected streams that match, as in public.orders or public.*. May be given several times.")
  private List<String> streams = new ArrayList<>();

  @Option(
      names = "--continuous",
      description =
          "Follow the changes of LOG_BASED streams until the run is stopped. Streams of other methods run once, at the start.")
  private boolean continuous;

  @Option(
      names = "--dry-run",
      description =
          "Print what the run would do, and do nothing of it. Exit code 1 when something is in the way.")
  private boolean dryRun;

  @Mixin private FormatOption format = new FormatOption();

  public RunCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<NamePattern> only = StreamPatterns.parse("--stream", streams);
    LoadedPlugins plugins = context.plugins();
    Descriptor read = context.descriptor(descriptor.path(), plugins);
    Pipeline pipeline = read.pipeline();
    if (dryRun) {
      return outline(read, plugins, only);
    }
    if (format.isJson()) {
      requireOutput(pipeline, plugins);
    }
    return new PipelineRunner(read, plugins, context.out(), format.isJson(), true)
        .run(only, continuous ? ChangeLog.Extent.CONTINUOUS : ChangeLog.Extent.UNTIL_NOW);
  }

  private int outline(Descriptor read, LoadedPlugins plugins, List<NamePattern> only)
      throws IOException, InterruptedException {
    Pipeline pipeline = read.pipeline();
    try {
      DryRun.Outline outline = new DryRun(pipeline, plugins, read.stateReader(), only).outline();
      context
          .out()
          .print(
              format.isJson()
                  ? DryRunText.json(pipeline, outline, continuous)
                  : DryRunText.of(pipeline, outline, continuous));
      return outline.isSound() ? 0 : 1;
    } catch (RefusedException e) {
      throw PipelineRunner.told(e);
    }
  }

  /// Rows and a report cannot both have standard output.
  private static void requireOutput(Pipeline pipeline, LoadedPlugins plugins) throws IOException {
    try (Sink sink = PluginFactory.sink(pipeline, plugins)) {
      if (sink.capabilities().contains(Capability.STANDARD_OUTPUT)) {
        throw new UsageException(
            "--format json: the sink '%s' writes rows to standard output, where the report would stand; leave it out, and take the report from 'runtime report --format json' afterwards"
                .formatted(pipeline.sink().type()));
      }
    }
  }
}
