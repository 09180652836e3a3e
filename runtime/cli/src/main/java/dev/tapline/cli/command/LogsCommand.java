package dev.tapline.cli.command;

import dev.tapline.cli.descriptor.StateLocation;
import dev.tapline.cli.options.OutputFormat;
import dev.tapline.cli.options.RunArguments;
import dev.tapline.cli.options.StreamPatterns;
import dev.tapline.cli.runs.KeptRun;
import dev.tapline.cli.runs.KeptRuns;
import dev.tapline.cli.runs.LogLine;
import dev.tapline.cli.runs.LogTail;
import dev.tapline.engine.select.NamePattern;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.event.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `runtime logs`.
@Command(
    name = "logs",
    description = {
      "Shows the log of a run.",
      "It reads the state folder alone: neither source nor destination is opened, and no secret asked for."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  runtime logs pipeline.yaml",
      "  runtime logs --follow pipeline.yaml",
      "  runtime logs --level warn --stream 'public.order*' pipeline.yaml 2026-11-30T02-10-46.123Z",
      "",
      "With --debug, the traces of errors are shown too.",
      "Exit codes: 0 shown; 1 there is no log; 2 the descriptor or the call is wrong."
    })
public final class LogsCommand implements Callable<Integer> {
  private static final Duration MOMENT = Duration.ofMillis(200);

  private final CommandContext context;

  @Mixin private RunArguments arguments = new RunArguments();

  @Option(
      names = {"-f", "--follow"},
      description = "Go on with what is written, until the run ends.")
  private boolean follow;

  @Option(
      names = "--stream",
      paramLabel = "PATTERN",
      description =
          "Only lines about streams that match, as in public.orders or public.*. May be given several times.")
  private List<String> streams = new ArrayList<>();

  @Option(
      names = "--level",
      paramLabel = "LEVEL",
      defaultValue = "info",
      description = "The least level to show: error, warn or info. Default: info.")
  private Least level = Least.INFO;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text, or json for the lines as they are kept. Default: text.")
  private OutputFormat format = OutputFormat.TEXT;

  /// The levels that a run's log has.
  enum Least {
    /// What failed.
    ERROR,
    /// What to look at too.
    WARN,
    /// All.
    INFO
  }

  public LogsCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<NamePattern> only = StreamPatterns.parse("--stream", streams);
    StateLocation place = context.stateLocation(arguments.descriptor());
    KeptRuns runs = new KeptRuns(place);
    KeptRun run = arguments.chosen(runs, place);
    if (!Files.exists(run.logFile()) && !(follow && runs.isRunning(run))) {
      throw new IOException("run %s has no log '%s'".formatted(run.name(), run.logFile()));
    }
    PrintStream out = context.out();
    try (LogTail tail = new LogTail(run)) {
      // Asked before each look, so that the last look comes after the run's last line.
      boolean goesOn;
      do {
        goesOn = follow && runs.isRunning(run);
        tail.read(line -> print(line, only));
        out.flush();
        if (goesOn) {
          Thread.sleep(MOMENT);
        }
      } while (goesOn && !out.checkError());
      if (!tail.rest().isEmpty()) {
        print(tail.rest(), only);
      }
    }
    return 0;
  }

  private void print(String text, List<NamePattern> only) {
    Optional<LogLine> line = LogLine.of(text);
    if (line.isEmpty()) {
      // Cut short by a kill: for people, who have asked for all.
      if (format == OutputFormat.TEXT && only.isEmpty()) {
        context.out().println(text);
      }
      return;
    }
    if (line.get().isAtLeast(Level.valueOf(level.name()))
        && (only.isEmpty() || only.stream().anyMatch(line.get()::isAbout))) {
      context
          .out()
          .print(format == OutputFormat.JSON ? text + "\n" : line.get().text(context.debug()));
    }
  }
}
