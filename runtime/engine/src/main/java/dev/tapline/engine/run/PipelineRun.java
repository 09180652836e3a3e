package dev.tapline.engine.run;

import dev.tapline.engine.Pipeline;
import dev.tapline.engine.PluginFactory;
import dev.tapline.engine.PluginRegistry;
import dev.tapline.engine.RefusedException;
import dev.tapline.engine.RunResult;
import dev.tapline.engine.StopSignal;
import dev.tapline.engine.StreamProgress;
import dev.tapline.engine.checkpoint.CheckpointRecovery;
import dev.tapline.engine.checkpoint.Checkpointer;
import dev.tapline.engine.checkpoint.DestinationState;
import dev.tapline.engine.checkpoint.RunNumbers;
import dev.tapline.engine.checkpoint.VersionNumbers;
import dev.tapline.engine.failure.RetryPolicy;
import dev.tapline.engine.plan.Planner;
import dev.tapline.engine.plan.StreamPositions;
import dev.tapline.engine.plan.StreamWork;
import dev.tapline.engine.select.DuplicateRowWarnings;
import dev.tapline.engine.select.NamePattern;
import dev.tapline.engine.select.RemovedStreams;
import dev.tapline.engine.select.Selector;
import dev.tapline.engine.select.StreamSelection;
import dev.tapline.engine.state.RunStateStore;
import dev.tapline.engine.state.StateStore;
import dev.tapline.spi.catalog.Catalog;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.Capability;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkCommitter;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.spi.source.ChangeLog;
import dev.tapline.spi.source.Source;
import dev.tapline.spi.source.Split;
import dev.tapline.spi.thread.Threads;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// One run of a pipeline: discover, select, plan, read in parallel, checkpoint, commit,
/// acknowledge.
///
/// Nothing here is of the process as a whole: several pipelines can run in one process at once.
public final class PipelineRun {
  private static final Logger LOG = LoggerFactory.getLogger("run");

  private final Pipeline pipeline;
  private final PluginRegistry plugins;
  private final RunStateStore store;
  private final List<NamePattern> only;
  private final ChangeLog.Extent extent;
  private final StopSignal stop;
  private final Listener listener;
  private final InstantSource machine;
  private final Instant startedAt = Instant.now();
  private final List<String> problems = new ArrayList<>();
  private ThreadDeaths deaths = new ThreadDeaths(Thread.currentThread());

  /// Is told how far the run has come. Called by the run's thread.
  public interface Listener {
    /// The pipeline is this run's alone, until it ends.
    default void admitted() throws IOException {}

    /// The streams are known; their progress changes from now on until the run ends.
    void begun(List<StreamProgress> streams);

    /// The run has ended; the pipeline is still its alone.
    default void ended(RunResult result) {}

    /// The same, where the run as a whole has failed.
    default void failed(Throwable failure) {}
  }

  /// A run of all streams, to the end of the log as of now.
  ///
  /// @param pipeline what to run
  /// @param plugins what it is made of
  /// @param store the pipeline's state, which stays the caller's to close
  public PipelineRun(Pipeline pipeline, PluginRegistry plugins, StateStore store) {
    this(
        pipeline, plugins, store, List.of(), ChangeLog.Extent.UNTIL_NOW, new StopSignal(), _ -> {});
  }

  /// @param pipeline what to run
  /// @param plugins what it is made of
  /// @param store the pipeline's state, which stays the caller's to close
  /// @param only patterns of the streams to run; empty for all
  /// @param extent where splits of a log end
  /// @param stop ends the run early, in order
  /// @param listener is told of the progress
  public PipelineRun(
      Pipeline pipeline,
      PluginRegistry plugins,
      StateStore store,
      List<NamePattern> only,
      ChangeLog.Extent extent,
      StopSignal stop,
      Listener listener) {
    this(pipeline, plugins, store, only, extent, stop, listener, InstantSource.system());
  }

  PipelineRun(
      Pipeline pipeline,
      PluginRegistry plugins,
      StateStore store,
      List<NamePattern> only,
      ChangeLog.Extent extent,
      StopSignal stop,
      Listener listener,
      InstantSource machine) {
    this.machine = machine;
    this.pipeline = pipeline;
    this.plugins = plugins;
    this.store = new RunStateStore(store);
    this.only = List.copyOf(only);
    this.extent = extent;
    this.stop = stop;
    this.listener = listener;
  }

  /// Runs to the end, or until it is stopped. A stream that fails does not keep the others from
  /// going on.
  ///
  /// @throws RefusedException if the run cannot begin
  /// @throws IOException if source, destination or state fail as a whole
  public RunResult run() throws RefusedException, IOException, InterruptedException {
    deaths = new ThreadDeaths(Thread.currentThread());
    try (Threads.Watch _ = Threads.watch(deaths)) {
      listener.admitted();
      RunResult result = runReportingFailure();
      listener.ended(result);
      return result;
    }
  }

  private RunResult runReportingFailure()
      throws RefusedException, IOException, InterruptedException {
    try {
      return deaths.ending(() -> run(new RunNumbers(store, machine)));
    } catch (RefusedException | IOException | InterruptedException | RuntimeException | Error e) {
      listener.failed(e);
      throw e;
    }
  }

  private RunResult run(RunNumbers numbers)
      throws RefusedException, IOException, InterruptedException {
    try (Source source = PluginFactory.source(pipeline, plugins);
        Sink sink = PluginFactory.sink(pipeline, plugins, numbers.clock())) {
      requireEnd(sink);
      Catalog catalog = retries().call("source", source::discover);
      StreamSelection choice = StreamSelection.of(catalog, pipeline, only);
      choice.requireMatches();
      reportFindings(choice);
      List<Stream> streams = acceptable(choice, sink);
      problems.forEach(problem -> LOG.error("{}", problem));
      return replicate(numbers, source, sink, catalog, choice, streams);
    }
  }

  private void requireEnd(Sink sink) throws RefusedException {
    if (extent == ChangeLog.Extent.CONTINUOUS && DestinationState.isOf(sink)) {
      throw new RefusedException(
          "this sink's target says how far it has come only to a run that begins, so with --continuous the server would keep the log for ever; run it without, as often as you like",
          true);
    }
  }

  private RetryPolicy retries() {
    return new RetryPolicy(pipeline.engine().retryFor(), stop);
  }

  /// What is wrong is kept, and told once it is known that the run goes on: one that does not tells
  /// it by its failure.
  private void reportFindings(StreamSelection choice) throws RefusedException {
    for (Finding finding : choice.selection().findings()) {
      if (finding.severity() == Finding.Severity.WARNING) {
        LOG.warn("{}", choice.sentence(finding));
      }
    }
    for (Finding finding : choice.selection().errors()) {
      if (finding.subject().equals(Selector.SHARED_DESTINATION)) {
        throw new RefusedException(choice.sentence(finding), false);
      }
      problems.add(choice.sentence(finding));
    }
    problems.addAll(choice.unmatched());
    if (choice.streams().isEmpty()) {
      if (problems.isEmpty()) {
        problems.add(StreamSelection.NOTHING);
      }
      throw refused();
    }
  }

  private RefusedException refused() {
    return new RefusedException(String.join("\n", problems), false);
  }

  /// Logged as a warning while a stream is new, and as information in later runs.
  private void warnOfDuplicates(Sink sink, List<Stream> streams, StreamSelection choice) {
    boolean begins =
        streams.stream().anyMatch(stream -> !store.state().streams().containsKey(stream.name()));
    for (Finding finding :
        DuplicateRowWarnings.of(
            streams, choice.labels(), pipeline.sink().type(), sink.capabilities())) {
      LOG.atLevel(begins ? Level.WARN : Level.INFO).log("{}", choice.sentence(finding));
    }
  }

  private RunResult replicate(
      RunNumbers numbers,
      Source source,
      Sink sink,
      Catalog catalog,
      StreamSelection choice,
      List<Stream> streams)
      throws RefusedException, IOException, InterruptedException {
    try (SinkCommitter committer = sink.openCommitter()) {
      DestinationState kept = new DestinationState(store, sink, committer, numbers);
      kept.begin();
      warnOfDuplicates(sink, streams, choice);
      CheckpointRecovery recovery = new CheckpointRecovery(store, sink, committer);
      Optional<String> disagreement = recovery.recover();
      StreamPositions streamPositions =
          new StreamPositions(
              store,
              choice.selection().streams(),
              RemovedStreams.among(store.state().streams().keySet(), catalog, pipeline),
              choice.labels());
      VersionNumbers versions = numbers.versions(committer);
      Map<StreamName, StreamWork> works = streamPositions.works(streams);
      listener.begun(works.values().stream().map(StreamWork::progress).toList());
      Planner.Options settings =
          new Planner.Options(
              source,
              streamPositions.except(works.keySet()),
              extent,
              pipeline.engine().parallelism(),
              choice.labels());
      try (Planner planner = new Planner(plugins, settings, versions, retries())) {
        List<Split> splits = planner.plan(List.copyOf(works.values()));
        if (extent == ChangeLog.Extent.CONTINUOUS && !planner.hasLogs()) {
          LOG.warn(
              "no stream of this run is LOG_BASED, so there is nothing to follow: it ends when all is read");
        }
        if (disagreement.isPresent()) {
          resolveDisagreement(disagreement.get(), splits, works.values(), recovery);
        }
        streamPositions.warnOfUnreadLogs(planner::followsLog);
        streamPositions.forgetGone(kept.atDestination() ? planner::followsLog : _ -> true);
        sweep(committer);
        if (!sink.capabilities().contains(Capability.EXACTLY_ONCE)) {
          // Its rows are seen as they come, and must not be above those of the next run.
          store.reach(numbers.reached());
        }
        execute(numbers, source, sink, committer, kept, planner, works, splits);
      }
      if (works.values().stream().allMatch(work -> work.progress().error().isEmpty())) {
        kept.end();
      }
      sweep(committer);
      return new RunResult(
          pipeline.name(),
          startedAt,
          Instant.now(),
          stop.isRequested()
              && works.values().stream()
                  .anyMatch(work -> work.progress().status() == StreamProgress.Status.STOPPED),
          sink.capabilities().contains(Capability.STANDARD_OUTPUT),
          problems,
          works.values().stream().map(StreamWork::progress).toList());
    }
  }

  /// What a checkpoint has prepared that the destination refused, the next run begins with.
  private void sweep(SinkCommitter committer) throws IOException, InterruptedException {
    if (store.state().pending().isEmpty()) {
      committer.sweep();
    }
  }

  private void execute(
      RunNumbers numbers,
      Source source,
      Sink sink,
      SinkCommitter committer,
      DestinationState kept,
      Planner planner,
      Map<StreamName, StreamWork> works,
      List<Split> splits)
      throws InterruptedException {
    try (Checkpointer checkpointer = new Checkpointer(store, committer, kept, numbers, retries())) {
      new Coordinator(
              new SplitTask.RunContext(
                  source, sink, checkpointer, kept.durablePositions(), pipeline.engine(), stop),
              planner,
              works,
              deaths)
          .run(splits);
    }
  }

  /// A run that reads every stream anew and replaces it in whole loses and doubles nothing,
  /// whatever state and destination remember. Any other must not begin.
  private static void resolveDisagreement(
      String disagreement,
      List<Split> splits,
      Collection<StreamWork> works,
      CheckpointRecovery recovery)
      throws RefusedException, IOException, InterruptedException {
    if (splits.stream().anyMatch(split -> split.mode() != WriteMode.REPLACE)
        || works.stream().anyMatch(work -> !work.streamPosition().position().isStart())) {
      throw new RefusedException(
          disagreement
              + "; put the right one back, or accept what the destination holds with"
              + " 'runtime state --accept-destination'",
          false);
    }
    LOG.warn("{}; every stream of this run is replaced in whole, so it goes on", disagreement);
    recovery.adopt();
  }

  /// The streams that the sink can hold. What it finds wrong beyond single streams ends the run.
  private List<Stream> acceptable(StreamSelection choice, Sink sink)
      throws RefusedException, InterruptedException {
    StreamSelection.Verdict verdict = choice.verdict(sink);
    verdict.refused().values().forEach(finding -> problems.add(choice.sentence(finding)));
    verdict.general().forEach(finding -> problems.add(choice.sentence(finding)));
    if (!verdict.general().isEmpty()) {
      throw refused();
    }
    List<Stream> rest =
        choice.streams().stream()
            .filter(stream -> !verdict.refused().containsKey(stream.name()))
            .toList();
    if (rest.isEmpty()) {
      throw refused();
    }
    return rest;
  }
}
