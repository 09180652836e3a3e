package dev.tapline.runtime.cli;

import dev.tapline.runtime.descriptor.Pipeline;
import dev.tapline.runtime.engine.DryRun;
import dev.tapline.runtime.plugin.LoadedPlugins;
import dev.tapline.runtime.select.NamePattern;
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
      "",
      "Ctrl-C and SIGTERM finish what is at hand, make a checkpoint, and end the run.",
      "Exit codes: 0 all streams done; 1 a stream failed, the others are done; 2 the descriptor or the",
      "call is wrong; 130 and 143 stopped."
    })
final class RunCommand implements Callable<Integer> {
  private final Session session;

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

  RunCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<NamePattern> only = NamePatterns.parse("--stream", streams);
    LoadedPlugins plugins = session.plugins();
    Pipeline pipeline = session.pipeline(descriptor.path(), plugins);
    if (dryRun) {
      DryRun.Outline outline = new DryRun(pipeline, plugins, only).outline();
      session.out().print(OutlineText.of(pipeline, outline));
      return outline.isSound() ? 0 : 1;
    }
    return new PipelineRunner(pipeline, plugins, session.out())
        .run(only, continuous ? ChangeLog.Extent.CONTINUOUS : ChangeLog.Extent.UNTIL_NOW);
  }
}
