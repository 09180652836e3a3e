package dev.tapline.cli.report;

import dev.tapline.cli.logging.Secrets;
import dev.tapline.engine.StreamProgress;
import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.source.Lag;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/// What became of a stream in a run.
///
/// @param name the stream
/// @param label what it is called before people, in the log too
/// @param destination what the sink calls it
/// @param method the replication method
/// @param status `done`, `failed` or `stopped`
/// @param rows how many rows were written
/// @param bytes how many bytes their values take
/// @param startedAt when its first read began, if one did
/// @param time from then to its end, in whole milliseconds: as the file has it, so that what is
///   computed of it is the same when it is read
/// @param position where the next run goes on
/// @param lag how far its read was behind the end of its log; nothing where it read none
/// @param error why it failed, secrets masked; empty when it has not
public record StreamReport(
    StreamName name,
    String label,
    String destination,
    String method,
    String status,
    long rows,
    long bytes,
    Optional<Instant> startedAt,
    Duration time,
    Position position,
    Optional<Lag> lag,
    String error) {
  /// Cuts the time.
  public StreamReport {
    time = time.truncatedTo(ChronoUnit.MILLIS);
  }

  static final String DONE = word(StreamProgress.Status.DONE);
  static final String FAILED = word(StreamProgress.Status.FAILED);
  static final String STOPPED = word(StreamProgress.Status.STOPPED);

  static StreamReport of(StreamProgress progress) {
    return new StreamReport(
        progress.stream().name(),
        progress.label(),
        progress.stream().destination(),
        progress.stream().method(),
        word(progress.status()),
        progress.rows(),
        progress.bytes(),
        progress.startedAt(),
        time(progress),
        progress.position(),
        progress.lag(),
        progress.error().map(Secrets::mask).orElse(""));
  }

  private static Duration time(StreamProgress progress) {
    Optional<Instant> start = progress.startedAt();
    return start.isEmpty()
        ? Duration.ZERO // stopped, or failed, before its first read began
        : Duration.between(
            start.get(), progress.endedAt().filter(start.get()::isBefore).orElse(start.get()));
  }

  private static String word(StreamProgress.Status status) {
    return status.name().toLowerCase(Locale.ROOT);
  }

  boolean isDone() {
    return status.equals(DONE);
  }

  boolean isFailed() {
    return status.equals(FAILED);
  }

  /// Whether its log was read until the run was stopped: such a stream has no other end.
  boolean wasFollowed() {
    return status.equals(STOPPED) && lag.isPresent();
  }

  /// Whether it was stopped though it would have come to an end.
  boolean wasCutShort() {
    return status.equals(STOPPED) && lag.isEmpty();
  }
}
