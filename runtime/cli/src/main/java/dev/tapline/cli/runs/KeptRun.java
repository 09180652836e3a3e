package dev.tapline.cli.runs;

import dev.tapline.cli.report.RunReport;
import dev.tapline.cli.report.RunSummary;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/// A run of which something is kept.
///
/// @param name what it is called: its folder's name
/// @param folder its folder
/// @param startedAt when it began
/// @param state what has become of it
/// @param summary its report in numbers, if there is one that can be read
/// @param problem why its report cannot be read; empty otherwise
public record KeptRun(
    String name,
    Path folder,
    Instant startedAt,
    State state,
    Optional<RunSummary> summary,
    String problem) {

  /// What has become of a run.
  public enum State {
    /// It is going on.
    RUNNING("running", "running"),
    /// All that was asked for is done.
    SUCCEEDED("succeeded", "succeeded"),
    /// Something failed.
    FAILED("failed", "failed"),
    /// It was asked to stop.
    STOPPED("stopped", "stopped"),
    /// It is over and has left no report: it was killed, or could not write one.
    NO_REPORT("no_report", "ended without a report (killed?)"),
    /// Its report is there and cannot be read.
    UNREADABLE("unreadable", "report cannot be read");

    private final String word;
    private final String said;

    State(String word, String said) {
      this.word = word;
      this.said = said;
    }

    static State of(RunReport.Outcome outcome) {
      return switch (outcome) {
        case SUCCEEDED -> SUCCEEDED;
        case FAILED -> FAILED;
        case STOPPED -> STOPPED;
      };
    }

    /// For programs.
    public String word() {
      return word;
    }

    /// For people.
    public String said() {
      return said;
    }
  }

  static KeptRun reported(String name, Path folder, Instant startedAt, RunReport report) {
    return new KeptRun(
        name,
        folder,
        startedAt,
        State.of(report.outcome()),
        Optional.of(RunSummary.of(report)),
        "");
  }

  static KeptRun without(String name, Path folder, Instant startedAt, State state) {
    return new KeptRun(name, folder, startedAt, state, Optional.empty(), "");
  }

  static KeptRun unreadable(String name, Path folder, Instant startedAt, String problem) {
    return new KeptRun(name, folder, startedAt, State.UNREADABLE, Optional.empty(), problem);
  }

  /// The file of its report, which need not be there.
  public Path reportFile() {
    return folder.resolve(RunFolders.REPORT);
  }

  /// The file of its log, which need not be there.
  public Path logFile() {
    return folder.resolve(RunFolders.LOG_FILE);
  }
}
