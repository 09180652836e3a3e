package dev.tapline.cli.report;

import dev.tapline.cli.logging.Secrets;
import dev.tapline.engine.RunResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/// What a run has done, as it is kept: `report.json` says the same, field by field.
///
/// @param pipeline the pipeline's name
/// @param run the run's name, which is that of its folder; nothing if it has none
/// @param startedAt when it began
/// @param endedAt when it ended
/// @param outcome how it ended
/// @param problems what concerns no single stream, secrets masked
/// @param streams what became of each stream
public record RunReport(
    String pipeline,
    String run,
    Instant startedAt,
    Instant endedAt,
    Outcome outcome,
    List<String> problems,
    List<StreamReport> streams) {

  /// How a run ended.
  public enum Outcome {
    /// All that was asked for is done.
    SUCCEEDED,
    /// Something failed, whatever else was done or stopped.
    FAILED,
    /// It was asked to stop, and nothing had failed.
    STOPPED;

    /// `succeeded`.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Copies the lists.
  public RunReport {
    problems = List.copyOf(problems);
    streams = List.copyOf(streams);
  }

  /// The report of a run that has ended.
  ///
  /// @param run the run's name
  public static RunReport of(RunResult result, String run) {
    return new RunReport(
        result.pipeline(),
        run,
        result.startedAt(),
        result.endedAt(),
        outcome(result),
        result.problems().stream().map(Secrets::mask).toList(),
        result.streams().stream().map(StreamReport::of).toList());
  }

  private static Outcome outcome(RunResult result) {
    if (result.hasFailures()) {
      return Outcome.FAILED;
    }
    if (result.stopped()) {
      return Outcome.STOPPED;
    }
    return result.isSuccess() ? Outcome.SUCCEEDED : Outcome.FAILED;
  }

  /// How long it took.
  public Duration time() {
    return Duration.between(startedAt, endedAt);
  }

  /// How many rows were written.
  public long rows() {
    return streams.stream().mapToLong(StreamReport::rows).sum();
  }

  /// How many bytes the values of those rows take.
  public long bytes() {
    return streams.stream().mapToLong(StreamReport::bytes).sum();
  }

  /// How many streams came to their end.
  public long done() {
    return streams.stream().filter(StreamReport::isDone).count();
  }

  /// How many streams have failed.
  public long failed() {
    return streams.stream().filter(StreamReport::isFailed).count();
  }

  /// How many streams were followed until the run was stopped.
  public long followed() {
    return streams.stream().filter(StreamReport::wasFollowed).count();
  }
}
