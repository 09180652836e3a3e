package dev.tapline.cli.command;

import dev.tapline.cli.descriptor.Descriptor;
import dev.tapline.cli.options.DescriptorArgument;
import dev.tapline.cli.options.FormatOption;
import dev.tapline.cli.options.StreamPatterns;
import dev.tapline.cli.options.UsageException;
import dev.tapline.cli.text.Json;
import dev.tapline.engine.Pipeline;
import dev.tapline.engine.checkpoint.CurrentState;
import dev.tapline.engine.select.NamePattern;
import dev.tapline.engine.select.StreamLabels;
import dev.tapline.engine.state.FileStateStore;
import dev.tapline.engine.state.StreamState;
import dev.tapline.plugins.LoadedPlugins;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.config.Nearest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `runtime reset`.
@Command(
    name = "reset",
    description = {
      "Forgets where streams were left: the next run begins them anew and replaces what their destinations hold.",
      "Until then the destinations stay as they are; what a run that was cut off has prepared of these streams is given up. Source and destination are not touched by the command itself."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  runtime reset --stream public.orders pipeline.yaml",
      "  runtime reset --stream 'public.order*' --stream crm.people pipeline.yaml",
      "  runtime reset --all pipeline.yaml",
      "  runtime reset --all --format json pipeline.yaml"
    })
public final class ResetCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin private DescriptorArgument descriptor = new DescriptorArgument();

  @ArgGroup(multiplicity = "1")
  private Which which = new Which();

  /// Which streams.
  static final class Which {
    @Option(
        names = "--stream",
        paramLabel = "PATTERN",
        description =
            "The streams that match, as in public.orders or public.*. May be given several times.")
    private List<String> streams = new ArrayList<>();

    @Option(names = "--all", description = "Every stream of the pipeline.")
    private boolean all;
  }

  @Mixin private FormatOption format = new FormatOption();

  public ResetCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<NamePattern> patterns = StreamPatterns.parse("--stream", which.streams);
    LoadedPlugins plugins = context.plugins();
    Descriptor read = context.descriptor(descriptor.path(), plugins);
    Pipeline pipeline = read.pipeline();
    CurrentState known = CurrentState.of(pipeline, plugins, read.stateReader());
    if (known.atDestination()) {
      throw new UsageException(known.refusal());
    }
    try (FileStateStore store = read.openState()) {
      Collection<StreamState> streams = store.state().streams().values();
      for (NamePattern pattern : patterns) {
        requireMatch(pattern, streams);
      }
      List<StreamState> matching =
          streams.stream()
              .filter(stream ->
                  which.all || patterns.stream().anyMatch(one -> one.matches(stream.name())))
              .toList();
      Set<StreamName> names = matching.stream().map(StreamState::name).collect(Collectors.toSet());
      store.forget(names);
      StreamLabels labels = StreamLabels.of(streams.stream().map(StreamState::name).toList());
      context
          .out()
          .print(
              format.isJson() ? json(pipeline.name(), matching, labels) : text(matching, labels));
    }
    return 0;
  }

  private static String text(List<StreamState> forgotten, StreamLabels labels) {
    return forgotten.isEmpty()
        ? "the pipeline knows of no stream; its next run begins with all%n".formatted()
        : forgotten.stream()
            .map(stream ->
                "%s begins anew with the next run, which replaces '%s'%n"
                    .formatted(labels.of(stream.name()), stream.destination()))
            .collect(Collectors.joining());
  }

  private static String json(String pipeline, List<StreamState> forgotten, StreamLabels labels) {
    ObjectNode root = Json.object().put("pipeline", pipeline);
    ArrayNode streams = root.putArray("streams");
    for (StreamState stream : forgotten) {
      Json.name(streams.addObject(), stream.name(), labels.of(stream.name()))
          .put("destination", stream.destination())
          .put("method", stream.method());
    }
    return Json.text(root);
  }

  private static void requireMatch(NamePattern pattern, Collection<StreamState> known)
      throws UsageException {
    if (known.stream().noneMatch(stream -> pattern.matches(stream.name()))) {
      List<String> names = known.stream().map(stream -> stream.name().toString()).toList();
      throw new UsageException(
          "the state knows of no stream '"
              + pattern
              + "'"
              + Nearest.hint(pattern.plain(), names)
              + "; 'runtime state' lists them");
    }
  }
}
