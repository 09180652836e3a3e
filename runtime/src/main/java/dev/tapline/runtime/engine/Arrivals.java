package dev.tapline.runtime.engine;

import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.source.Read;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What has arrived for good, so that a log need not keep it. Usually it is what this run has made
/// durable. Where the destination keeps the state, it is what the destination had when the run
/// began: what the run writes may never be read.
///
/// Each log is then let go once in a run, when it is read for the first time: up to where its
/// streams were left, and to where those begin that this run has copied. The destination may give
/// back any state that it is handed from then on, and a second reading begins further than the
/// first of these. Safe for all threads.
final class Arrivals {
  private final boolean atDestination;
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  /// @param atDestination whether the destination keeps the state
  Arrivals(boolean atDestination) {
    this.atDestination = atDestination;
  }

  /// What has arrived of the streams of a read that begins, and will not change while it lasts;
  /// nothing where that is what the read makes durable.
  Optional<Map<StreamName, Position>> of(Read read) {
    if (!atDestination) {
      return Optional.empty();
    }
    return Optional.of(known.add(read.id()) ? read.from() : Map.of());
  }
}
