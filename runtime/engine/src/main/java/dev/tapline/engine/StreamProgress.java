package dev.tapline.engine;

import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.source.Lag;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// How far a stream has come in this run. Workers add to it, the coordinator sets its status, the
/// display and the report read it: safe for all threads.
public final class StreamProgress {
  /// What becomes of a stream in a run.
  public enum Status {
    /// Not begun.
    WAITING,
    /// Some of its splits have begun.
    READING,
    /// What its table holds is in the destination, and its changes are brought.
    FOLLOWING,
    /// All its rows are in the destination.
    DONE,
    /// It cannot go on; [#error()] says why.
    FAILED,
    /// The run was stopped before it was done.
    STOPPED
  }

  private final Stream stream;
  private final String label;
  private final LongAdder rows = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private volatile Status status = Status.WAITING;
  private volatile @Nullable Instant startedAt;
  private volatile @Nullable Instant endedAt;
  private volatile @Nullable String error;
  private volatile Position position = Position.START;
  private volatile Supplier<Optional<Lag>> lag = Optional::empty;

  /// @param stream whose progress it is
  /// @param label what it is called before people
  public StreamProgress(Stream stream, String label) {
    this.stream = stream;
    this.label = label;
  }

  /// What the stream is called: with its database where a pipeline has several.
  public String label() {
    return label;
  }

  /// The stream.
  public Stream stream() {
    return stream;
  }

  /// What has become of it so far.
  public Status status() {
    return status;
  }

  /// How many rows were written, those of attempts that failed not counted.
  public long rows() {
    return rows.sum();
  }

  /// How many bytes the values of those rows take.
  public long bytes() {
    return bytes.sum();
  }

  /// When its first read began.
  public Optional<Instant> startedAt() {
    return Optional.ofNullable(startedAt);
  }

  /// When it was done, failed or stopped.
  public Optional<Instant> endedAt() {
    return Optional.ofNullable(endedAt);
  }

  /// Why it failed.
  public Optional<String> error() {
    return Optional.ofNullable(error);
  }

  /// The last position that is durable: at first, where the last run has left it.
  public Position position() {
    return position;
  }

  /// How far its split is behind the end of its log, or was when the stream ended; nothing when it
  /// reads no log, or has failed while others read on.
  public Optional<Lag> lag() {
    return lag.get();
  }

  /// Whether it is over for this run.
  public boolean hasEnded() {
    return status == Status.DONE || status == Status.FAILED || status == Status.STOPPED;
  }

  public void add(long moreRows, long moreBytes) {
    rows.add(moreRows);
    bytes.add(moreBytes);
  }

  /// What was written so far is given up.
  public void beginAnew() {
    rows.reset();
    bytes.reset();
  }

  public synchronized void reading() {
    if (status == Status.WAITING) {
      startedAt = Instant.now();
      status = Status.READING;
    }
  }

  /// Its log is followed.
  ///
  /// @param behind how far the reader is behind; may be called until [#followed()]
  public synchronized void following(Supplier<Optional<Lag>> behind) {
    if (!hasEnded()) {
      lag = behind;
      status = Status.FOLLOWING;
    }
  }

  /// The reader of its log ends, and another one may follow.
  public void followed() {
    Optional<Lag> last = lag.get();
    lag = () -> last;
  }

  public void durable(Position position) {
    this.position = position;
  }

  public void done() {
    end(Status.DONE);
  }

  public void stopped() {
    end(Status.STOPPED);
  }

  public synchronized void failed(String reason) {
    error = reason;
    lag = Optional::empty;
    end(Status.FAILED);
  }

  private synchronized void end(Status last) {
    if (!hasEnded()) {
      endedAt = Instant.now();
      status = last;
      followed();
    }
  }
}
