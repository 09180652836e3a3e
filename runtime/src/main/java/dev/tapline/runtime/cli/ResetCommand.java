package dev.tapline.runtime.cli;

import dev.tapline.runtime.descriptor.Pipeline;
import dev.tapline.runtime.engine.KnownState;
import dev.tapline.runtime.plugin.LoadedPlugins;
import dev.tapline.runtime.select.NamePattern;
import dev.tapline.runtime.select.StreamLabels;
import dev.tapline.runtime.state.StateStore;
import dev.tapline.runtime.state.StreamState;
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
      "  runtime reset --all pipeline.yaml"
    })
final class ResetCommand implements Callable<Integer> {
  private final Session session;

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

  ResetCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<NamePattern> patterns = NamePatterns.parse("--stream", which.streams);
    LoadedPlugins plugins = session.plugins();
    Pipeline pipeline = session.pipeline(descriptor.path(), plugins);
    KnownState known = KnownState.of(pipeline, plugins);
    if (known.atDestination()) {
      throw new UsageException(known.refusal());
    }
    try (StateStore store = StateStore.open(pipeline.stateFolder(), pipeline.name())) {
      Collection<StreamState> streams = store.state().streams().values();
      if (which.all && streams.isEmpty()) {
        session.out().println("the pipeline knows of no stream; its next run begins with all");
        return 0;
      }
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
      for (StreamState stream : matching) {
        session
            .out()
            .printf(
                "%s begins anew with the next run, which replaces '%s'%n",
                labels.of(stream.name()), stream.destination());
      }
    }
    return 0;
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
