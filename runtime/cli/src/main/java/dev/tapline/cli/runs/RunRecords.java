package dev.tapline.cli.runs;

import dev.tapline.cli.descriptor.Descriptor;
import dev.tapline.cli.logging.RunLog;
import dev.tapline.cli.report.ReportJson;
import dev.tapline.cli.report.RunReport;
import dev.tapline.engine.RunResult;
import dev.tapline.engine.failure.HeapExhaustion;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The folder that keeps a run's log and report. It is made once the run has the pipeline for
/// itself: a start that is refused makes nothing, and removes nothing of the run that lives.
public final class RunRecords implements Closeable {
  private final Descriptor descriptor;
  private final Instant startedAt = Instant.now();
  private @Nullable Path folder;
  private @Nullable RunLog log;
  private @Nullable RunReport report;
  private @Nullable IOException unwritten;

  /// @param descriptor whose run it is
  public RunRecords(Descriptor descriptor) {
    this.descriptor = descriptor;
  }

  /// Makes the folder, and begins the log.
  ///
  /// @return the folder
  public Path begin() throws IOException {
    Path made = RunFolders.create(descriptor, InstantSource.system());
    folder = made;
    log = RunLog.open(made.resolve(RunFolders.LOG_FILE));
    return made;
  }

  /// Writes the report. That it cannot be written is told by [#requireWritten()], after the people
  /// have got theirs.
  public void ended(RunResult result) {
    Path into = folder;
    RunReport made = RunReport.of(result, into == null ? "" : String.valueOf(into.getFileName()));
    report = made;
    if (into != null) {
      try {
        ReportJson.write(made, into.resolve(RunFolders.REPORT));
      } catch (IOException e) {
        unwritten = e;
      }
    }
  }

  /// The report of the run, once it has ended.
  public Optional<RunReport> report() {
    return Optional.ofNullable(report);
  }

  /// Fails if the report could not be written.
  public void requireWritten() throws IOException {
    IOException reason = unwritten;
    if (reason != null) {
      throw reason;
    }
  }

  /// The command line prints the sentence; this is for who reads the run's folder.
  ///
  /// @param stopped whether the run was asked to stop
  public void failed(Throwable failure, boolean stopped) {
    String reason = reason(failure);
    RunLog begun = log;
    if (begun != null) {
      begun.error("the run failed: " + reason, failure);
    }
    ended(
        new RunResult(
            descriptor.pipeline().name(),
            startedAt,
            Instant.now(),
            stopped,
            false,
            reason.lines().toList(),
            List.of()));
  }

  private static String reason(Throwable failure) {
    if (HeapExhaustion.isFull(failure)) {
      return HeapExhaustion.sentence(failure);
    }
    String message = failure.getMessage();
    return message == null || message.isBlank() ? failure.toString() : message;
  }

  @Override
  public void close() throws IOException {
    RunLog begun = log;
    if (begun != null) {
      begun.close();
    }
  }
}
