package dev.tapline.engine.checkpoint;

import dev.tapline.engine.state.HighWaterMarks;
import dev.tapline.engine.state.StateStore;
import dev.tapline.spi.sink.GrowingClock;
import dev.tapline.spi.sink.SinkCommitter;
import java.io.IOException;
import java.time.InstantSource;

/// What a run numbers and names by time. It goes on from the state, so that a clock that was set
/// back puts nothing in front of what earlier runs have written.
public final class RunNumbers {
  private final InstantSource machine;
  private HighWaterMarks known;
  private final GrowingClock clock;
  private VersionNumbers versions;

  public RunNumbers(StateStore store, InstantSource machine) {
    this.machine = machine;
    this.known = store.state().highWater();
    this.clock = new GrowingClock(machine, known.time());
    this.versions = new VersionNumbers(machine, known.version());
  }

  /// Goes on from what another state than Tapline's own knows.
  void resumeFrom(HighWaterMarks given) {
    known = known.max(given);
    clock.resumeFrom(given.time());
  }

  /// The clock of names and of rows' numbers.
  public GrowingClock clock() {
    return clock;
  }

  /// Goes on from the destination too, which knows of later versions when the state was lost or put
  /// back: versions below what it holds would be taken for old ones.
  public VersionNumbers versions(SinkCommitter committer) throws IOException, InterruptedException {
    versions = new VersionNumbers(machine, Math.max(known.version(), committer.highestVersion()));
    return versions;
  }

  /// The highest numbers so far.
  public HighWaterMarks reached() {
    return new HighWaterMarks(versions.last(), clock.last());
  }
}
