package dev.tapline.runtime.cli;

import dev.tapline.runtime.descriptor.Pipeline;
import dev.tapline.runtime.engine.Heap;
import dev.tapline.runtime.engine.PipelineRun;
import dev.tapline.runtime.engine.RefusedException;
import dev.tapline.runtime.engine.RunResult;
import dev.tapline.runtime.engine.StopSignal;
import dev.tapline.runtime.engine.StreamProgress;
import dev.tapline.runtime.logging.Logging;
import dev.tapline.runtime.logging.RunLog;
import dev.tapline.runtime.logging.Secrets;
import dev.tapline.runtime.plugin.Plugins;
import dev.tapline.runtime.report.LoadingReport;
import dev.tapline.runtime.report.ProgressDisplay;
import dev.tapline.runtime.select.NamePattern;
import dev.tapline.spi.source.ChangeLog;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs a pipeline as a command does: with a display, a log and a report, until it ends or the
/// process is asked to.
final class PipelineRunner {
  private static final Logger LOG = LoggerFactory.getLogger("run");
  private static final String TERMINAL_COLUMNS = "tapline.terminal.columns";
  private static final int SUCCEEDED = 0;
  private static final int FAILED = 1;

  private final Pipeline pipeline;
  private final Plugins plugins;
  private final PrintStream out;

  /// @param out where the report goes, unless the sink needs it for data
  PipelineRunner(Pipeline pipeline, Plugins plugins, PrintStream out) {
    this.pipeline = pipeline;
    this.plugins = plugins;
    this.out = out;
  }

  /// Runs to the end.
  ///
  /// @param only patterns of the streams to run; empty for all
  /// @param extent where reads of a log end
  /// @return the exit code
  /// @throws UsageException if the descriptor asks for what cannot be
  /// @throws IOException if the run as a whole cannot be done
  int run(List<NamePattern> only, ChangeLog.Extent extent)
      throws IOException, InterruptedException {
    return run(only, extent, new StopSignal(), streams -> {});
  }

  /// The same, for somebody who wants to end it.
  ///
  /// @param stop ends the run in order
  /// @param listener is told of the progress
  int run(
      List<NamePattern> only,
      ChangeLog.Extent extent,
      StopSignal stop,
      PipelineRun.Listener listener)
      throws IOException, InterruptedException {
    Path folder = RunFolders.create(pipeline, InstantSource.system());
    try (Signals _ = Signals.request(stop);
        RunLog log = RunLog.open(folder.resolve("extraction.log"))) {
      RunResult result = run(only, extent, stop, listener, log, folder);
      LoadingReport report = new LoadingReport(result);
      report.write(folder.resolve("report.json"));
      print(report, result);
      return result.isSuccess() || isEnded(result, extent) ? SUCCEEDED : FAILED;
    } catch (RefusedException e) {
      if (e.isUsage()) {
        throw new UsageException(String.valueOf(e.getMessage()));
      }
      throw new IOException(e.getMessage(), e);
    }
  }

  /// Whether a run that goes on until it is stopped was stopped, and nothing else has ended it.
  private static boolean isEnded(RunResult result, ChangeLog.Extent extent) {
    return extent == ChangeLog.Extent.CONTINUOUS
        && result.problems().isEmpty()
        && result.streams().stream()
            .noneMatch(stream -> stream.status() == StreamProgress.Status.FAILED);
  }

  private void print(LoadingReport report, RunResult result) {
    if (!result.standardOutputIsData()) {
      out.print(report.text());
      out.flush();
    } else if (Logging.isJson()) {
      report.text().lines().forEach(line -> LOG.info("{}", line));
    } else {
      System.err.print(report.text());
    }
  }

  private RunResult run(
      List<NamePattern> only,
      ChangeLog.Extent extent,
      StopSignal stop,
      PipelineRun.Listener listener,
      RunLog log,
      Path folder)
      throws RefusedException, IOException, InterruptedException {
    int columns = Integer.getInteger(TERMINAL_COLUMNS, 0);
    Instant startedAt = Instant.now();
    try (ProgressDisplay display = ProgressDisplay.create(columns, pipeline.name())) {
      PipelineRun.Listener both =
          new PipelineRun.Listener() {
            @Override
            public void admitted() {
              LOG.info("pipeline {}: run begins; log and report in {}", pipeline.name(), folder);
              listener.admitted();
            }

            @Override
            public void begun(List<StreamProgress> streams) {
              display.begun(streams);
              listener.begun(streams);
            }
          };
      return new PipelineRun(pipeline, plugins, only, extent, stop, both).run();
    } catch (RefusedException | IOException | RuntimeException | Error e) {
      // The command line prints the sentence; this is for who reads the run's folder.
      String reason = Heap.isFull(e) ? Heap.sentence(e) : String.valueOf(e.getMessage());
      log.error("the run failed: " + reason, e);
      new LoadingReport(
              new RunResult(
                  pipeline.name(),
                  startedAt,
                  Instant.now(),
                  stop.isRequested(),
                  false,
                  List.of(Secrets.mask(reason)),
                  List.of()))
          .write(folder.resolve("report.json"));
      throw e;
    }
  }
}
