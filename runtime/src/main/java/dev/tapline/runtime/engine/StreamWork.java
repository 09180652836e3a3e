package dev.tapline.runtime.engine;

import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.sink.Commit;
import java.util.ArrayList;
import java.util.List;

/// What the coordinator knows of one stream of a run: its version in the destination, what its
/// reads have prepared, and how many of them are left. Apart from [#isAbandoned()] only the
/// coordinator's thread uses it.
final class StreamWork {
  private final StreamProgress progress;
  private final Position resume;
  private final List<Commit> prepared = new ArrayList<>();
  private long generation;
  private int waiting;
  private int running;
  private boolean replaces;
  private volatile boolean abandoned;

  StreamWork(Stream stream, Position resume, long generation) {
    this.progress = new StreamProgress(stream);
    this.resume = resume;
    this.generation = generation;
  }

  StreamProgress progress() {
    return progress;
  }

  Stream stream() {
    return progress.stream();
  }

  /// Where the stream was left by the last run.
  Position resume() {
    return resume;
  }

  long generation() {
    return generation;
  }

  /// Commits of reads that have ended, of a version that is not complete yet.
  List<Commit> prepared() {
    return prepared;
  }

  /// Whether its reads make up a new version.
  boolean replaces() {
    return replaces;
  }

  /// Whether its reads shall stop and give up what they have: it failed, or is planned anew.
  boolean isAbandoned() {
    return abandoned;
  }

  void abandon() {
    abandoned = true;
  }

  void planned(int reads, boolean asNewVersion) {
    waiting = reads;
    replaces = asNewVersion;
  }

  void readBegan() {
    waiting--;
    running++;
    progress.reading();
  }

  void readEnded() {
    running--;
  }

  boolean isIdle() {
    return running == 0;
  }

  boolean hasNoReadsLeft() {
    return running == 0 && waiting == 0;
  }

  /// Gives up what the reads so far have brought.
  void beginAnew(long nextGeneration) {
    prepared.clear();
    generation = nextGeneration;
    waiting = 0;
    abandoned = false;
  }
}
