package dev.tapline.runtime.engine;

import dev.tapline.runtime.descriptor.Pipeline;
import dev.tapline.runtime.plugin.Plugins;
import dev.tapline.runtime.select.NamePattern;
import dev.tapline.runtime.select.Selection;
import dev.tapline.runtime.select.Selector;
import dev.tapline.runtime.state.PipelineState;
import dev.tapline.runtime.state.StateStore;
import dev.tapline.runtime.state.StreamState;
import dev.tapline.spi.Finding;
import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.config.Config;
import dev.tapline.spi.method.PlanRequest;
import dev.tapline.spi.method.ReplicationMethod;
import dev.tapline.spi.method.Resumption;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.spi.source.ChangeLog;
import dev.tapline.spi.source.Read;
import dev.tapline.spi.source.Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Finds out what a run would do, and does nothing of it: no row moves, and neither source,
/// destination nor state is written.
public final class DryRun {
  private final Pipeline pipeline;
  private final Plugins plugins;
  private final List<NamePattern> only;

  /// What a run would do with a stream.
  ///
  /// @param stream the stream
  /// @param begins where it begins: `first copy`, or the bookmark
  /// @param reads what is read: `copy in 4 reads`, `1 read from the bookmark`, `the log`
  /// @param why the entry of the descriptor that selects it, as `pipeline.yaml:7:5`
  /// @param problem why it would fail; empty when nothing is known to be in the way
  public record Step(Stream stream, String begins, String reads, String why, String problem) {}

  /// @param only patterns of the streams to run; empty for all
  public DryRun(Pipeline pipeline, Plugins plugins, List<NamePattern> only) {
    this.pipeline = pipeline;
    this.plugins = plugins;
    this.only = List.copyOf(only);
  }

  /// A plan of a run.
  ///
  /// @param steps what it would do, by stream
  /// @param problems what is wrong with the selection or the destination as a whole
  public record Outline(List<Step> steps, List<String> problems) {
    /// Copies the lists.
    public Outline {
      steps = List.copyOf(steps);
      problems = List.copyOf(problems);
    }

    /// Whether nothing is known to be in the way of the run.
    public boolean isSound() {
      return problems.isEmpty() && steps.stream().allMatch(step -> step.problem().isEmpty());
    }
  }

  /// Plans.
  ///
  /// @throws IOException if the source cannot be reached or the state cannot be read
  public Outline outline() throws IOException, InterruptedException {
    try (Source source = Parts.source(pipeline, plugins);
        Sink sink = Parts.sink(pipeline, plugins)) {
      Selection selection = Selector.select(source.discover(), pipeline);
      List<String> problems = new ArrayList<>();
      selection.errors().forEach(finding -> problems.add(Failures.sentence(finding)));
      List<Stream> streams =
          selection.streams().stream()
              .filter(stream ->
                  only.isEmpty() || only.stream().anyMatch(name -> name.matches(stream.name())))
              .toList();
      if (streams.isEmpty() && problems.isEmpty()) {
        problems.add("no selected stream matches");
      }
      Map<StreamName, String> inTheWay = new LinkedHashMap<>();
      for (Finding finding : sink.check(streams)) {
        if (finding.severity() == Finding.Severity.ERROR && !assign(finding, streams, inTheWay)) {
          problems.add(Failures.sentence(finding));
        }
      }
      PipelineState state =
          StateStore.read(
              StateStore.fileOf(pipeline.stateFolder(), pipeline.name()), pipeline.name());
      Map<StreamName, Step> steps = new TreeMap<>();
      Map<String, List<Stream>> byMethod =
          streams.stream()
              .collect(Collectors.groupingBy(Stream::method, TreeMap::new, Collectors.toList()));
      for (Map.Entry<String, List<Stream>> entry : byMethod.entrySet()) {
        for (Step step : steps(entry.getKey(), entry.getValue(), source, state, selection)) {
          String problem = inTheWay.getOrDefault(step.stream().name(), step.problem());
          steps.put(
              step.stream().name(),
              new Step(step.stream(), step.begins(), step.reads(), step.why(), problem));
        }
      }
      return new Outline(List.copyOf(steps.values()), problems);
    }
  }

  private static boolean assign(
      Finding finding, List<Stream> streams, Map<StreamName, String> inTheWay) {
    for (Stream stream : streams) {
      if (stream.name().toString().equals(finding.subject())) {
        inTheWay.put(stream.name(), finding.message());
        return true;
      }
    }
    return false;
  }

  private List<Step> steps(
      String name, List<Stream> streams, Source source, PipelineState state, Selection selection)
      throws IOException, InterruptedException {
    List<Step> steps = new ArrayList<>();
    for (Stream stream : streams) {
      // One instance a stream: what a method holds, such as a snapshot, is for the streams of a
      // plan.
      try (ReplicationMethod method =
          plugins
              .method(name)
              .map(provider -> provider.create(Config.of(provider.config(), Map.of())))
              .orElseThrow(
                  () -> new IOException("there is no replication method '" + name + "'"))) {
        steps.add(step(method, stream, source, state, selection));
      }
    }
    return steps;
  }

  private Step step(
      ReplicationMethod method,
      Stream stream,
      Source source,
      PipelineState state,
      Selection selection)
      throws InterruptedException {
    String why = selection.origins().getOrDefault(stream.name(), "");
    Position position = position(stream, state);
    String begins = position.isStart() ? begins(stream, state) : position.toString();
    String problem =
        method.check(source, stream).stream()
            .filter(finding -> finding.severity() == Finding.Severity.ERROR)
            .map(finding -> finding.message() + "; " + finding.remedy())
            .collect(Collectors.joining("; "));
    String reads = "-";
    if (problem.isEmpty() && method.followsLog()) {
      // To plan it would make a slot.
      reads = position.isStart() ? "copy, then the log" : "the log";
    } else if (problem.isEmpty()) {
      try {
        reads = reads(method, source, new Resumption(stream, position));
      } catch (IOException e) {
        problem = Failures.message(e);
      }
    }
    return new Step(stream, begins, reads, why, problem);
  }

  private String reads(ReplicationMethod method, Source source, Resumption resumption)
      throws IOException, InterruptedException {
    List<Read> reads =
        method
            .plan(
                new PlanRequest(
                    source,
                    List.of(resumption),
                    List.of(),
                    ChangeLog.Extent.UNTIL_NOW,
                    pipeline.engine().parallelism()))
            .reads();
    boolean copies = reads.stream().anyMatch(read -> read.mode() == WriteMode.REPLACE);
    String count = reads.size() == 1 ? "1 read" : reads.size() + " reads";
    return copies ? "copy in " + count : count + " from the bookmark";
  }

  private static Position position(Stream stream, PipelineState state) {
    StreamState known = state.streams().get(stream.name());
    return known != null && known.method().equals(stream.method())
        ? known.position()
        : Position.START;
  }

  private static String begins(Stream stream, PipelineState state) {
    StreamState known = state.streams().get(stream.name());
    if (known == null) {
      return "first copy";
    }
    return known.method().equals(stream.method()) ? "copy" : "copy (was " + known.method() + ")";
  }
}
