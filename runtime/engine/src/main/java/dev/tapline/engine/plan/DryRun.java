package dev.tapline.engine.plan;

import dev.tapline.engine.Pipeline;
import dev.tapline.engine.PluginFactory;
import dev.tapline.engine.PluginRegistry;
import dev.tapline.engine.RefusedException;
import dev.tapline.engine.checkpoint.CurrentState;
import dev.tapline.engine.failure.Failures;
import dev.tapline.engine.select.DuplicateRowWarnings;
import dev.tapline.engine.select.NamePattern;
import dev.tapline.engine.select.StreamSelection;
import dev.tapline.engine.state.PipelineState;
import dev.tapline.engine.state.PositionText;
import dev.tapline.engine.state.StateReader;
import dev.tapline.engine.state.StreamState;
import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.config.Config;
import dev.tapline.spi.method.ReplicationMethod;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.source.Source;
import dev.tapline.spi.source.StreamPosition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Finds out what a run would do, and does nothing of it: no row moves, and neither source,
/// destination nor state is written.
public final class DryRun {
  private final Pipeline pipeline;
  private final PluginRegistry plugins;
  private final StateReader reader;
  private final List<NamePattern> only;

  /// What a run would do with a stream.
  ///
  /// @param stream the stream
  /// @param label what it is called
  /// @param begins where it begins: `first copy`, or the position
  /// @param from the position in whole
  /// @param reads what is read: `copy in 4 reads`, `1 read from the position`, `the log`
  /// @param why the entry of the descriptor that selects it, as `pipeline.yaml:7:5`
  /// @param problem why it would fail; empty when nothing is known to be in the way
  public record Step(
      Stream stream,
      String label,
      String begins,
      Position from,
      String reads,
      String why,
      String problem) {}

  /// @param reader of the pipeline's state
  /// @param only patterns of the streams to run; empty for all
  public DryRun(
      Pipeline pipeline, PluginRegistry plugins, StateReader reader, List<NamePattern> only) {
    this.pipeline = pipeline;
    this.plugins = plugins;
    this.reader = reader;
    this.only = List.copyOf(only);
  }

  /// A plan of a run.
  ///
  /// @param steps what it would do, by stream
  /// @param problems what is wrong with the selection or the destination as a whole
  /// @param warnings what would be done otherwise than one might think
  public record Outline(List<Step> steps, List<String> problems, List<String> warnings) {
    /// Copies the lists.
    public Outline {
      warnings = List.copyOf(warnings);
      steps = List.copyOf(steps);
      problems = List.copyOf(problems);
    }

    /// Whether nothing is known to be in the way of the run.
    public boolean isSound() {
      return problems.isEmpty() && steps.stream().allMatch(step -> step.problem().isEmpty());
    }
  }

  /// Selects the streams, and has their methods plan them.
  ///
  /// @throws RefusedException if the call is wrong
  /// @throws IOException if the source cannot be reached or the state cannot be read
  public Outline outline() throws RefusedException, IOException, InterruptedException {
    try (Source source = PluginFactory.source(pipeline, plugins);
        Sink sink = PluginFactory.sink(pipeline, plugins)) {
      StreamSelection choice = StreamSelection.of(source.discover(), pipeline, only);
      choice.requireMatches();
      List<String> problems = new ArrayList<>();
      choice.selection().errors().forEach(finding -> problems.add(choice.sentence(finding)));
      problems.addAll(choice.unmatched());
      if (choice.streams().isEmpty() && problems.isEmpty()) {
        problems.add(StreamSelection.NOTHING);
      }
      StreamSelection.Verdict verdict = choice.verdict(sink);
      verdict.general().forEach(finding -> problems.add(choice.sentence(finding)));
      PipelineState state = CurrentState.of(pipeline, sink, reader).state();
      Map<StreamName, PlanPreview.Result> results = trials(choice, source, state);
      List<Step> steps = new ArrayList<>();
      for (Stream stream : choice.streams()) {
        @Nullable Finding refusal = verdict.refused().get(stream.name());
        PlanPreview.Result result = results.getOrDefault(stream.name(), PlanPreview.Result.NONE);
        steps.add(
            new Step(
                stream,
                choice.labels().of(stream.name()),
                begins(stream, state),
                position(stream, state),
                result.reads(),
                choice.selection().origins().getOrDefault(stream.name(), ""),
                refusal == null ? result.problem() : Failures.statement(refusal)));
      }
      List<String> warnings =
          DuplicateRowWarnings.of(
                  choice.streams(), choice.labels(), pipeline.sink().type(), sink.capabilities())
              .stream()
              .map(choice::sentence)
              .toList();
      return new Outline(steps, problems, warnings);
    }
  }

  private Map<StreamName, PlanPreview.Result> trials(
      StreamSelection choice, Source source, PipelineState state)
      throws IOException, InterruptedException {
    Map<StreamName, PlanPreview.Result> results = new LinkedHashMap<>();
    Map<StreamGroup.Key, List<StreamPosition>> groups =
        choice.streams().stream()
            .map(stream -> new StreamPosition(stream, position(stream, state)))
            .collect(
                Collectors.groupingBy(
                    streamPosition -> StreamGroup.keyOf(streamPosition.stream()),
                    LinkedHashMap::new,
                    Collectors.toList()));
    for (Map.Entry<StreamGroup.Key, List<StreamPosition>> group : groups.entrySet()) {
      String name = group.getKey().method();
      try (ReplicationMethod method =
          plugins
              .method(name)
              .map(provider -> provider.create(Config.of(provider.config(), Map.of())))
              .orElseThrow(
                  () -> new IOException("there is no replication method '" + name + "'"))) {
        results.putAll(
            new PlanPreview(method, source, pipeline.engine().parallelism())
                .results(group.getValue()));
      }
    }
    return new TreeMap<>(results);
  }

  private static Position position(Stream stream, PipelineState state) {
    return StreamPositions.position(stream, state.streams().get(stream.name()));
  }

  private static String begins(Stream stream, PipelineState state) {
    @Nullable StreamState known = state.streams().get(stream.name());
    Position position = StreamPositions.position(stream, known);
    if (known == null) {
      return "first copy";
    }
    if (!position.isStart()) {
      return PositionText.of(position);
    }
    return StreamPositions.change(stream, known)
        .map(change -> "copy (%s was %s)".formatted(change.of(), change.before()))
        .orElse("copy");
  }
}
