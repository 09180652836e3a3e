package dev.tapline.runtime.engine;

import dev.tapline.runtime.state.HighWater;
import dev.tapline.runtime.state.StateStore;
import dev.tapline.spi.sink.GrowingClock;
import dev.tapline.spi.sink.SinkCommitter;
import java.io.IOException;
import java.time.InstantSource;

/// What a run numbers and names by time. It goes on from the state, so that a clock that was set
/// back puts nothing in front of what earlier runs have written.
final class RunNumbers {
  private final InstantSource machine;
  private HighWater known;
  private final GrowingClock clock;
  private Generations generations;

  RunNumbers(StateStore store, InstantSource machine) {
    this.machine = machine;
    this.known = store.state().highWater();
    this.clock = new GrowingClock(machine, known.time());
    this.generations = new Generations(machine, known.generation());
  }

  /// Goes on from what another state than Tapline's own knows.
  void goOnFrom(HighWater given) {
    known = known.max(given);
    clock.goOnFrom(given.time());
  }

  /// The clock of names and of rows' numbers.
  GrowingClock clock() {
    return clock;
  }

  /// Goes on from the destination too, which knows of later versions when the state was lost or put
  /// back: versions below what it holds would be taken for old ones.
  Generations generations(SinkCommitter committer) throws IOException, InterruptedException {
    generations =
        new Generations(machine, Math.max(known.generation(), committer.highestGeneration()));
    return generations;
  }

  /// The highest numbers so far.
  HighWater reached() {
    return new HighWater(generations.last(), clock.last());
  }
}
