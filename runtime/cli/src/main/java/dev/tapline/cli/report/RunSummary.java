package dev.tapline.cli.report;

import java.time.Duration;
import java.time.Instant;

/// A report in numbers: what is kept in mind of each of many runs, however many streams they had.
///
/// @param endedAt when the run ended
/// @param time how long it took
/// @param streams how many streams it had
/// @param done how many of them came to their end
/// @param followed how many were followed until the run was stopped
/// @param failed how many have failed
/// @param problems how much was wrong beside streams
/// @param rows how many rows were written
/// @param bytes how many bytes their values take
public record RunSummary(
    Instant endedAt,
    Duration time,
    int streams,
    long done,
    long followed,
    long failed,
    int problems,
    long rows,
    long bytes) {

  /// That of a report.
  public static RunSummary of(RunReport report) {
    return new RunSummary(
        report.endedAt(),
        report.time(),
        report.streams().size(),
        report.done(),
        report.followed(),
        report.failed(),
        report.problems().size(),
        report.rows(),
        report.bytes());
  }
}
