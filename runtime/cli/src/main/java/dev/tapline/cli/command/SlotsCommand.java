package dev.tapline.cli.command;

import dev.tapline.cli.descriptor.Descriptor;
import dev.tapline.cli.options.FormatOption;
import dev.tapline.cli.options.UsageException;
import dev.tapline.cli.output.SlotsText;
import dev.tapline.engine.Pipeline;
import dev.tapline.engine.PluginFactory;
import dev.tapline.engine.state.PipelineState;
import dev.tapline.plugins.LoadedPlugins;
import dev.tapline.spi.source.ReplicationSlots;
import dev.tapline.spi.source.Slot;
import dev.tapline.spi.source.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `runtime slots`.
@Command(
    name = "slots",
    description = {
      "Lists the replication slots of the source's databases: those of this pipeline and all others.",
      "A slot makes the server keep its log until the slot's reader has confirmed it; 'held' is how much that is."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  runtime slots pipeline.yaml",
      "  runtime slots --format json pipeline.yaml",
      "  runtime slots drop pipeline.yaml tapline_shop"
    })
public final class SlotsCommand implements Callable<Integer> {
  private final CommandContext context;

  @Spec private CommandSpec spec = CommandSpec.create();

  // Not required, for 'drop' has its own.
  @Parameters(
      paramLabel = "PIPELINE",
      arity = "0..1",
      description = "The descriptor, as in pipeline.yaml.")
  private Optional<Path> descriptor = Optional.empty();

  @Mixin private FormatOption format = new FormatOption();

  public SlotsCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path file =
        descriptor.orElseThrow(
            () -> new ParameterException(spec.commandLine(), "the descriptor is missing"));
    LoadedPlugins plugins = context.plugins();
    Descriptor descriptor = context.descriptor(file, plugins);
    Pipeline pipeline = descriptor.pipeline();
    List<Slot> slots;
    try (Source source = PluginFactory.source(pipeline, plugins)) {
      slots = slotsOf(pipeline, source).slots();
    }
    PipelineState state = descriptor.stateReader().read();
    context.out().print(format.isJson() ? SlotsText.json(slots) : SlotsText.table(slots, state));
    return 0;
  }

  /// The replication slots of a source's server.
  ///
  /// @throws UsageException if the source knows none
  static ReplicationSlots slotsOf(Pipeline pipeline, Source source) throws UsageException {
    if (source instanceof ReplicationSlots slots) {
      return slots;
    }
    throw new UsageException(
        "the source '" + pipeline.source().type() + "' has no replication slots");
  }
}
