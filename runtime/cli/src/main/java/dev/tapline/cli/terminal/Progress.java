package dev.tapline.cli.terminal;

import dev.tapline.cli.text.HumanReadable;
import dev.tapline.engine.StreamProgress;
import dev.tapline.spi.source.Lag;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The run's progress as numbers: sums, the speed of the last seconds, and the time left as far as
/// the source's row estimates allow. One thread.
public final class Progress {
  private static final int SAMPLES = 25;

  private final List<StreamProgress> streams;
  private final long startedAt = System.nanoTime();
  private final Deque<Sample> samples = new ArrayDeque<>();

  private record Sample(long nanos, long rows, long bytes) {}

  /// @param done how many streams came to their end
  /// @param streams how many there are
  /// @param rows how many rows were written
  /// @param bytes how many bytes their values take
  /// @param rowsPerSecond lately
  /// @param bytesPerSecond lately
  /// @param elapsed since the display began
  /// @param left how long it will still take; negative when that cannot be said
  /// @param following how many streams have their log read
  /// @param failed how many streams have failed
  /// @param lag how far the log that is furthest behind is behind; none when no log is read
  public record Snapshot(
      long done,
      int streams,
      long rows,
      long bytes,
      long rowsPerSecond,
      long bytesPerSecond,
      Duration elapsed,
      Duration left,
      long following,
      long failed,
      Optional<Lag> lag) {

    /// Whether something has happened since.
    boolean isNewsAfter(Snapshot before) {
      return rows != before.rows
          || done != before.done
          || failed != before.failed
          || following != before.following
          || lag.map(Lag::bytes).orElse(0L) > before.lag.map(Lag::bytes).orElse(0L);
    }

    public String line() {
      return "%s  %s rows  %s rows/s  %s/s  %s%s%s"
          .formatted(
              count(),
              HumanReadable.count(rows),
              HumanReadable.count(rowsPerSecond),
              HumanReadable.bytes(bytesPerSecond),
              HumanReadable.clock(elapsed),
              lag.map(behind -> "  lag " + HumanReadable.lag(behind)).orElse(""),
              left.isNegative() ? "" : "  " + HumanReadable.clock(left) + " left");
    }

    /// Of how many streams what is known: those that have an end are done one day, the others are
    /// followed.
    private String count() {
      String of = streams == 1 ? "1 stream" : streams + " streams";
      String beside = failed == 0 ? "" : ", " + failed + " failed";
      if (following == streams) {
        return of + " following";
      }
      if (following == 0) {
        return "%d of %s done%s".formatted(done, of, beside);
      }
      return "%d of %s following%s%s"
          .formatted(following, of, done == 0 ? "" : ", " + done + " done", beside);
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
    long following = 0;
    long failed = 0;
    Lag lag = null;
    for (StreamProgress stream : streams) {
      rows += stream.rows();
      bytes += stream.bytes();
      done += stream.status() == StreamProgress.Status.DONE ? 1 : 0;
      failed += stream.status() == StreamProgress.Status.FAILED ? 1 : 0;
      if (stream.status() == StreamProgress.Status.FOLLOWING) {
        following++;
        lag = worse(lag, stream.lag());
      }
    }
    Sample now = new Sample(System.nanoTime(), rows, bytes);
    Sample before = samples.getFirst();
    samples.addLast(now);
    if (samples.size() > SAMPLES) {
      samples.removeFirst();
    }
    Duration span = Duration.ofNanos(now.nanos() - before.nanos());
    long rowsPerSecond = HumanReadable.perSecond(Math.max(0, rows - before.rows()), span);
    return new Snapshot(
        done,
        streams.size(),
        rows,
        bytes,
        rowsPerSecond,
        HumanReadable.perSecond(Math.max(0, bytes - before.bytes()), span),
        Duration.ofNanos(now.nanos() - startedAt),
        following > 0 ? Duration.ofSeconds(-1) : left(rowsPerSecond),
        following,
        failed,
        Optional.ofNullable(lag));
  }

  private static @Nullable Lag worse(@Nullable Lag one, Optional<Lag> other) {
    return other.isEmpty() || (one != null && one.bytes() >= other.get().bytes())
        ? one
        : other.get();
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
