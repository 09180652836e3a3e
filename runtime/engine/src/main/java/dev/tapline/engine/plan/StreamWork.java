package dev.tapline.engine.plan;

import dev.tapline.engine.StreamProgress;
import dev.tapline.engine.failure.Failures;
import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.sink.Commit;
import dev.tapline.spi.source.StreamPosition;
import dev.tapline.spi.thread.Threads;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the coordinator knows of one stream of a run: its version in the destination, what its
/// reads have prepared, and how many of them are left. Apart from [#isAbandoned()] and
/// [#fail(Throwable)] only the coordinator's thread uses it.
public final class StreamWork {
  private static final Logger LOG = LoggerFactory.getLogger("run");

  private static final int MOST_NAMED = 50;

  private final StreamProgress progress;
  private final List<Commit> prepared = new ArrayList<>();
  private Position position = Position.START;
  private volatile long version;
  private int waiting;
  private int running;
  private boolean replaces;
  private boolean completing;
  private volatile boolean abandoned;

  /// @param progress how far it has come in this run
  /// @param resume where the stream was left by the last run
  /// @param version its version in the destination; 0 when there is none
  StreamWork(StreamProgress progress, Position resume, long version) {
    this.progress = progress;
    this.version = version;
    progress.durable(resume);
  }

  public StreamProgress progress() {
    return progress;
  }

  public Stream stream() {
    return progress.stream();
  }

  /// Where the stream stands, durably.
  public StreamPosition streamPosition() {
    return new StreamPosition(stream(), progress.position());
  }

  public long version() {
    return version;
  }

  /// Commits of splits that have ended, of a version that is not complete yet.
  public List<Commit> prepared() {
    return prepared;
  }

  /// Whether its splits make up a new version.
  public boolean replaces() {
    return replaces;
  }

  /// Where it is left once the new version is complete.
  public Position position() {
    return position;
  }

  /// Whether its splits shall stop and give up what they have: it failed, or is planned anew.
  public boolean isAbandoned() {
    return abandoned;
  }

  public void abandon() {
    abandoned = true;
  }

  /// Ends the stream, for good in this run; and the run, if something is broken. Called by any
  /// thread.
  public void fail(Throwable failure) {
    fail(List.of(this), failure);
  }

  /// The same with several streams, for one reason that is told once.
  public static void fail(Collection<StreamWork> works, Throwable failure) {
    logFailures(works.stream().filter(work -> work.markFailed(failure)).toList(), failure);
  }

  /// Ends the stream, and leaves it to [#logFailures] to say so.
  ///
  /// @return whether it had not failed before
  public boolean markFailed(Throwable failure) {
    abandoned = true;
    if (progress.status() == StreamProgress.Status.FAILED) {
      return false;
    }
    progress.failed(withoutSubject(Failures.message(failure)));
    return true;
  }

  /// Tells that streams have failed, and ends the run if something is broken.
  public static void logFailures(List<StreamWork> failed, Throwable failure) {
    if (failed.isEmpty()) {
      return;
    }
    LOG.error(
        "{}: {}",
        subject(failed),
        failed.getFirst().withoutSubject(Failures.message(failure)),
        failure);
    if (Failures.isFatal(failure)) {
      Threads.tell(Thread.currentThread(), failure);
    }
  }

  private static String subject(List<StreamWork> failed) {
    if (failed.size() == 1) {
      return "stream " + failed.getFirst().progress.label();
    }
    String names =
        failed.stream()
            .limit(MOST_NAMED)
            .map(work -> work.progress.label())
            .collect(Collectors.joining(", "));
    int more = failed.size() - MOST_NAMED;
    return "%d streams (%s%s)"
        .formatted(failed.size(), names, more <= 0 ? "" : " and " + more + " more");
  }

  // Sources and sinks often say of what they speak; once is enough.
  private String withoutSubject(String said) {
    String prefix = "stream " + stream().name() + ": ";
    return said.startsWith(prefix) ? said.substring(prefix.length()) : said;
  }

  /// Its splits are planned.
  ///
  /// @param version the number of the version that they belong to, or are added to
  /// @param end where it is left when they make up a new version and that is complete
  void planned(int reads, boolean asNewVersion, long version, Position end) {
    prepared.clear();
    if (asNewVersion) {
      progress.beginAnew();
    }
    waiting = reads;
    replaces = asNewVersion;
    this.version = version;
    position = end;
    abandoned = false;
  }

  public void splitStarted() {
    waiting--;
    running++;
    progress.reading();
  }

  public void splitEnded() {
    running--;
  }

  public boolean isIdle() {
    return running == 0;
  }

  public boolean hasNoSplitsLeft() {
    return running == 0 && waiting == 0;
  }

  /// Gives up the splits that have not begun.
  public void dropWaiting() {
    waiting = 0;
  }

  /// Its new version is complete and on its way into the destination, or has arrived there.
  public void completing(boolean underWay) {
    completing = underWay;
  }

  boolean isCompleting() {
    return completing;
  }

  /// Whether nothing is left of what was planned for it.
  boolean isSettled() {
    return progress.hasEnded() || (hasNoSplitsLeft() && !completing);
  }
}
