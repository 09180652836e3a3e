package dev.tapline.engine.checkpoint;

import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.source.Split;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The positions up to which a log need not keep its changes. Usually it is what this run has made
/// durable. Where the destination keeps the state, it is what the destination had when the run
/// began: what the run writes may never be read.
///
/// Each log is then let go once in a run, when it is read for the first time, up to where its
/// streams were left by the state that was given, also those that are copied anew: the destination
/// may give that state back once more. Where it knew none of them, nothing is let go. Safe for all
/// threads.
public final class DurablePositions {
  /// What the run makes durable.
  static final DurablePositions OF_THE_RUN = new DurablePositions(Optional.empty());

  private final Optional<Map<StreamName, Position>> restored;
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  private DurablePositions(Optional<Map<StreamName, Position>> restored) {
    this.restored = restored;
  }

  /// What a destination has given back.
  static DurablePositions ofDestination(Map<StreamName, Position> restored) {
    return new DurablePositions(Optional.of(Map.copyOf(restored)));
  }

  /// The positions of the streams of a split that begins, which do not change while it lasts;
  /// nothing where that is what the split makes durable.
  public Optional<Map<StreamName, Position>> of(Split split) {
    return restored.map(positions -> known.add(split.id()) ? least(split, positions) : Map.of());
  }

  private static Map<StreamName, Position> least(Split split, Map<StreamName, Position> positions) {
    Map<StreamName, Position> least = new LinkedHashMap<>(split.from());
    least.replaceAll((name, from) -> positions.getOrDefault(name, from));
    return least.keySet().stream().anyMatch(positions::containsKey) ? least : Map.of();
  }
}
