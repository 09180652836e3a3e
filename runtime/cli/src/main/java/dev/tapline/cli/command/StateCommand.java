package dev.tapline.cli.command;

import dev.tapline.cli.descriptor.Descriptor;
import dev.tapline.cli.options.DescriptorArgument;
import dev.tapline.cli.options.OutputFormat;
import dev.tapline.cli.options.UsageException;
import dev.tapline.cli.text.HumanReadable;
import dev.tapline.cli.text.TextTable;
import dev.tapline.engine.Pipeline;
import dev.tapline.engine.PluginFactory;
import dev.tapline.engine.checkpoint.CurrentState;
import dev.tapline.engine.select.StreamLabels;
import dev.tapline.engine.state.FileStateStore;
import dev.tapline.engine.state.PipelineState;
import dev.tapline.engine.state.PositionText;
import dev.tapline.engine.state.StreamState;
import dev.tapline.plugins.LoadedPlugins;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkCommitter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `runtime state`.
@Command(
    name = "state",
    description = {
      "Shows what a pipeline remembers of its streams.",
      "It opens neither source nor destination, unless --accept-destination is given."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  runtime state pipeline.yaml",
      "  runtime state --format json pipeline.yaml",
      "  runtime state --accept-destination pipeline.yaml"
    })
public final class StateCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin private DescriptorArgument descriptor = new DescriptorArgument();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text, or json for all that is remembered. Default: text.")
  private OutputFormat format = OutputFormat.TEXT;

  @Option(
      names = "--accept-destination",
      description =
          "Where state and destination disagree on the last checkpoint: take over the destination's number. "
              + "Rows between the two are then missing or doubled in what was added and not replaced.")
  private boolean accept;

  public StateCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    LoadedPlugins plugins = context.plugins();
    Descriptor read = context.descriptor(descriptor.path(), plugins);
    Pipeline pipeline = read.pipeline();
    CurrentState known = CurrentState.of(pipeline, plugins, read.stateReader());
    if (accept) {
      if (known.atDestination()) {
        throw new UsageException(known.refusal());
      }
      accept(read, plugins);
      known = CurrentState.of(pipeline, plugins, read.stateReader());
    }
    context.out().print(text(read, known));
    return 0;
  }

  private static void accept(Descriptor descriptor, LoadedPlugins plugins)
      throws IOException, InterruptedException {
    try (FileStateStore store = descriptor.openState();
        Sink sink = PluginFactory.sink(descriptor.pipeline(), plugins);
        SinkCommitter committer = sink.openCommitter()) {
      if (store.state().pending().isPresent()) {
        throw new IOException(
            "a checkpoint is on its way to the destination; 'runtime run' ends it, then look again");
      }
      OptionalLong mark = committer.lastCheckpoint();
      store.adopt(mark.orElse(0));
    }
  }

  private String text(Descriptor descriptor, CurrentState known) {
    PipelineState state = known.state();
    Path file = FileStateStore.fileOf(descriptor.stateFolder(), descriptor.pipeline().name());
    if (format == OutputFormat.JSON) {
      return known.atDestination() || Files.exists(file)
          ? FileStateStore.json(state) + "\n"
          : "{}\n";
    }
    if (state.streams().isEmpty()) {
      return known.atDestination()
          ? "no stream was brought; %s%n".formatted(known.refusal())
          : "pipeline %s has not finished a run; its state will be in %s%n"
              .formatted(state.pipeline(), file);
    }
    TextTable table =
        TextTable.of("stream", "method", "destination", ">generation", "bookmark", "updated");
    StreamLabels labels = StreamLabels.of(state.streams().keySet());
    for (StreamState stream : state.streams().values()) {
      table.row(
          labels.of(stream.name()),
          stream.method(),
          stream.destination(),
          Long.toString(stream.version()),
          stream.position().isStart() ? PositionText.COMPLETE : PositionText.of(stream.position()),
          HumanReadable.time(stream.updatedAt()));
    }
    if (known.atDestination()) {
      return "as the target has written it, %s%n%s".formatted(known.where(), table);
    }
    return "checkpoint %d%s, %s%n%s"
        .formatted(
            state.checkpoint(),
            state.pending().isPresent() ? " and one on its way" : "",
            file,
            table);
  }
}
