package dev.tapline.cli.command;

import dev.tapline.cli.descriptor.Descriptor;
import dev.tapline.cli.logging.Logging;
import dev.tapline.cli.options.UsageException;
import dev.tapline.cli.report.LoadingReport;
import dev.tapline.cli.report.ReportJson;
import dev.tapline.cli.report.RunReport;
import dev.tapline.cli.runs.RunRecords;
import dev.tapline.cli.terminal.ProgressDisplay;
import dev.tapline.engine.Pipeline;
import dev.tapline.engine.PluginRegistry;
import dev.tapline.engine.RefusedException;
import dev.tapline.engine.RunResult;
import dev.tapline.engine.StopSignal;
import dev.tapline.engine.StreamProgress;
import dev.tapline.engine.run.PipelineRun;
import dev.tapline.engine.select.NamePattern;
import dev.tapline.engine.state.StateStore;
import dev.tapline.spi.source.ChangeLog;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
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

  private final Descriptor descriptor;
  private final Pipeline pipeline;
  private final PluginRegistry plugins;
  private final PrintStream out;
  private final boolean json;
  private final boolean recordsStay;

  /// @param out where the report goes, unless the sink needs it for data
  PipelineRunner(Descriptor descriptor, PluginRegistry plugins, PrintStream out) {
    this(descriptor, plugins, out, false, true);
  }

  /// @param json whether the report is for programs
  /// @param recordsStay whether the folder with log and report outlives the command
  PipelineRunner(
      Descriptor descriptor,
      PluginRegistry plugins,
      PrintStream out,
      boolean json,
      boolean recordsStay) {
    this.json = json;
    this.recordsStay = recordsStay;
    this.descriptor = descriptor;
    this.pipeline = descriptor.pipeline();
    this.plugins = plugins;
    this.out = out;
  }

  /// Runs to the end.
  ///
  /// @param only patterns of the streams to run; empty for all
  /// @param extent where splits of a log end
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
    try (Signals _ = Signals.request(stop);
        RunRecords records = new RunRecords(descriptor)) {
      RunResult result = run(only, extent, stop, listener, records);
      records.report().ifPresent(report -> print(report, result.standardOutputIsData()));
      records.requireWritten();
      return result.isSuccess() || isEnded(result, extent) ? SUCCEEDED : FAILED;
    } catch (RefusedException e) {
      throw told(e);
    }
  }

  /// A refusal as the command line tells it.
  static IOException told(RefusedException refused) {
    return refused.isUsage()
        ? new UsageException(String.valueOf(refused.getMessage()))
        : new IOException(refused.getMessage(), refused);
  }

  /// Whether a run that goes on until it is stopped was stopped, and nothing else has ended it.
  private static boolean isEnded(RunResult result, ChangeLog.Extent extent) {
    return extent == ChangeLog.Extent.CONTINUOUS && result.stopped() && !result.hasFailures();
  }

  private void print(RunReport report, boolean standardOutputIsData) {
    String text = new LoadingReport(report).brief();
    if (!standardOutputIsData) {
      out.print(json ? ReportJson.text(report) + "\n" : text);
      out.flush();
    } else if (Logging.isJson()) {
      text.lines().forEach(line -> LOG.info("{}", line));
    } else {
      System.err.print(text);
    }
  }

  private RunResult run(
      List<NamePattern> only,
      ChangeLog.Extent extent,
      StopSignal stop,
      PipelineRun.Listener listener,
      RunRecords records)
      throws RefusedException, IOException, InterruptedException {
    int columns = Integer.getInteger(TERMINAL_COLUMNS, 0);
    try (StateStore store = descriptor.openState();
        ProgressDisplay display = ProgressDisplay.create(columns, pipeline.name())) {
      PipelineRun.Listener all =
          new PipelineRun.Listener() {
            @Override
            public void admitted() throws IOException {
              Path folder = records.begin();
              LOG.info(
                  "pipeline {}: run begins{}",
                  pipeline.name(),
                  recordsStay ? "; log and report in " + folder : "");
              listener.admitted();
            }

            @Override
            public void begun(List<StreamProgress> streams) {
              display.begun(streams);
              listener.begun(streams);
            }

            @Override
            public void ended(RunResult result) {
              records.ended(result);
            }

            @Override
            public void failed(Throwable failure) {
              records.failed(failure, stop.isRequested());
              if (json) {
                records.report().ifPresent(report -> print(report, false));
              }
            }
          };
      return new PipelineRun(pipeline, plugins, store, only, extent, stop, all).run();
    }
  }
}
