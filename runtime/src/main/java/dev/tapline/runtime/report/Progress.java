package dev.tapline.runtime.report;

import dev.tapline.runtime.engine.StreamProgress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// The run's progress as numbers: sums, the speed of the last seconds, and the time left as far as
/// the source's row estimates allow. One thread.
final class Progress {
  private static final int SAMPLES = 25;

  private final List<StreamProgress> streams;
  private final long startedAt = System.nanoTime();
  private final Deque<Sample> samples = new ArrayDeque<>();

  private record Sample(long nanos, long rows, long bytes) {}

  /// @param done how many streams are over
  /// @param streams how many there are
  /// @param rows how many rows were written
  /// @param bytes how many bytes their values take
  /// @param rowsPerSecond lately
  /// @param bytesPerSecond lately
  /// @param elapsed since the display began
  /// @param left how long it will still take; negative when that cannot be said
  record Snapshot(
      long done,
      int streams,
      long rows,
      long bytes,
      long rowsPerSecond,
      long bytesPerSecond,
      Duration elapsed,
      Duration left) {

    String line() {
      return "%d/%d streams  %s rows  %s rows/s  %s/s  %s%s"
          .formatted(
              done,
              streams,
              Amounts.count(rows),
              Amounts.count(rowsPerSecond),
              Amounts.bytes(bytesPerSecond),
              Amounts.clock(elapsed),
              left.isNegative() ? "" : "  " + Amounts.clock(left) + " left");
    }
  }

  Progress(List<StreamProgress> streams) {
    this.streams = streams;
    samples.add(new Sample(startedAt, 0, 0));
  }

  Snapshot take() {
    long rows = 0;
    long bytes = 0;
    long done = 0;
    for (StreamProgress stream : streams) {
      rows += stream.rows();
      bytes += stream.bytes();
      done += stream.hasEnded() ? 1 : 0;
    }
    Sample now = new Sample(System.nanoTime(), rows, bytes);
    Sample before = samples.getFirst();
    samples.addLast(now);
    if (samples.size() > SAMPLES) {
      samples.removeFirst();
    }
    Duration span = Duration.ofNanos(now.nanos() - before.nanos());
    long rowsPerSecond = Amounts.perSecond(Math.max(0, rows - before.rows()), span);
    return new Snapshot(
        done,
        streams.size(),
        rows,
        bytes,
        rowsPerSecond,
        Amounts.perSecond(Math.max(0, bytes - before.bytes()), span),
        Duration.ofNanos(now.nanos() - startedAt),
        left(rowsPerSecond));
  }

  private Duration left(long rowsPerSecond) {
    long rowsLeft = 0;
    for (StreamProgress stream : streams) {
      long estimate = stream.stream().estimatedRows();
      if (!stream.hasEnded()) {
        if (estimate < 0) {
          return Duration.ofSeconds(-1);
        }
        rowsLeft += Math.max(0, estimate - stream.rows());
      }
    }
    return rowsPerSecond == 0
        ? Duration.ofSeconds(-1)
        : Duration.ofSeconds(rowsLeft / rowsPerSecond);
  }
}
