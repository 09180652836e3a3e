package dev.tapline.engine.state;

import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.Checkpoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What differs between a pipeline's state and the one before. It is as large as what has changed:
/// that the streams of a slot have come to another LSN together is said once, not once a stream.
///
/// @param checkpoint the count of checkpoints afterwards
/// @param highWater the highest numbers that were given, afterwards
/// @param removed the streams that are forgotten
/// @param written the streams that are new, or that differ in more than the values of their
///   position
/// @param moves the streams of which values of the position differ
/// @param pending the checkpoint that is on its way afterwards; without positions where
///   `positionsOfChanged` says which they are
/// @param positionsOfChanged whether the positions of `pending` are those of the streams in
///   `written` and `moves`
record StateChange(
    long checkpoint,
    HighWaterMarks highWater,
    Set<StreamName> removed,
    List<StreamState> written,
    List<Move> moves,
    Optional<Checkpoint> pending,
    boolean positionsOfChanged) {

  /// From how many streams on it is worth looking whether they are all of their kind.
  private static final int MANY = 8;

  /// Streams of which the same entries of the position have gone from the same values to the same
  /// values.
  ///
  /// @param from the entries' values before
  /// @param to the entries' values afterwards
  /// @param updatedAt when that was written
  /// @param streams their names; empty for all whose position had the entries of `from` before and
  ///   which are neither removed nor written
  record Move(
      Map<String, String> from,
      Map<String, String> to,
      Instant updatedAt,
      Set<StreamName> streams) {
    Move of(Set<StreamName> names) {
      return new Move(from, to, updatedAt, names);
    }
  }

  static StateChange between(PipelineState before, PipelineState after) {
    Set<StreamName> removed = new TreeSet<>(before.streams().keySet());
    removed.removeAll(after.streams().keySet());
    List<StreamState> written = new ArrayList<>();
    Map<Move, Set<StreamName>> moved = new LinkedHashMap<>();
    Map<StreamName, Position> positions = new TreeMap<>();
    for (StreamState stream : after.streams().values()) {
      StreamState old = before.streams().get(stream.name());
      if (stream.equals(old)) {
        continue;
      }
      positions.put(stream.name(), stream.position());
      if (old == null || !canMove(old, stream)) {
        written.add(stream);
      } else {
        moved.computeIfAbsent(move(old, stream), _ -> new TreeSet<>()).add(stream.name());
      }
    }
    Set<StreamName> others = others(removed, written);
    List<Move> moves = new ArrayList<>();
    moved.forEach((move, names) -> {
      boolean all =
          names.size() >= MANY && names.equals(matching(before.streams(), move.from(), others));
      moves.add(all ? move : move.of(names));
    });
    boolean ofChanged =
        after.pending().map(pending -> pending.positions().equals(positions)).orElse(false);
    return new StateChange(
        after.checkpoint(),
        after.highWater(),
        removed,
        written,
        moves,
        ofChanged ? after.pending().map(pending -> with(pending, Map.of())) : after.pending(),
        ofChanged);
  }

  /// The state after changes that follow each other.
  static PipelineState applied(List<StateChange> changes, PipelineState before) {
    if (changes.isEmpty()) {
      return before;
    }
    // One map for all of them: there may be thousands, of a state with thousands of streams.
    Map<StreamName, StreamState> streams = new TreeMap<>(before.streams());
    Optional<Checkpoint> pending = Optional.empty();
    for (StateChange change : changes) {
      pending = change.applyTo(streams);
    }
    StateChange last = changes.getLast();
    return new PipelineState(
        before.pipeline(), last.checkpoint(), streams, pending, last.highWater());
  }

  /// Changes the streams.
  ///
  /// @return the checkpoint that is on its way afterwards
  private Optional<Checkpoint> applyTo(Map<StreamName, StreamState> streams) {
    List<StreamState> moved = new ArrayList<>();
    for (Move move : moves) {
      for (StreamName name : names(move, streams)) {
        StreamState old = streams.get(name);
        if (old == null) {
          throw new IllegalArgumentException("it moves a stream that is not known: " + name);
        }
        Map<String, String> entries = new TreeMap<>(old.position().entries());
        entries.putAll(move.to());
        moved.add(old.at(Position.of(entries), move.updatedAt()));
      }
    }
    streams.keySet().removeAll(removed);
    written.forEach(stream -> streams.put(stream.name(), stream));
    moved.forEach(stream -> streams.put(stream.name(), stream));
    if (!positionsOfChanged) {
      return pending;
    }
    Map<StreamName, Position> positions = new TreeMap<>();
    written.forEach(stream -> positions.put(stream.name(), stream.position()));
    moved.forEach(stream -> positions.put(stream.name(), stream.position()));
    return pending.map(checkpoint -> with(checkpoint, positions));
  }

  private Set<StreamName> names(Move move, Map<StreamName, StreamState> before) {
    return move.streams().isEmpty()
        ? matching(before, move.from(), others(removed, written))
        : move.streams();
  }

  /// What a move of all does not mean.
  private static Set<StreamName> others(Set<StreamName> removed, List<StreamState> written) {
    Set<StreamName> others = new HashSet<>(removed);
    written.forEach(stream -> others.add(stream.name()));
    return others;
  }

  private static Set<StreamName> matching(
      Map<StreamName, StreamState> streams, Map<String, String> from, Set<StreamName> others) {
    Set<StreamName> names = new TreeSet<>();
    for (StreamState stream : streams.values()) {
      if (!others.contains(stream.name())
          && stream.position().entries().entrySet().containsAll(from.entrySet())) {
        names.add(stream.name());
      }
    }
    return names;
  }

  private static boolean canMove(StreamState old, StreamState next) {
    return old.at(next.position(), next.updatedAt()).equals(next)
        && old.position().entries().keySet().equals(next.position().entries().keySet());
  }

  private static Move move(StreamState old, StreamState next) {
    Map<String, String> from = new TreeMap<>();
    Map<String, String> to = new TreeMap<>();
    next.position()
        .entries()
        .forEach((entry, value) -> {
          String before = old.position().entries().get(entry);
          if (before != null && !before.equals(value)) {
            from.put(entry, before);
            to.put(entry, value);
          }
        });
    return new Move(from, to, next.updatedAt(), Set.of());
  }

  private static Checkpoint with(Checkpoint checkpoint, Map<StreamName, Position> positions) {
    return new Checkpoint(
        checkpoint.number(), checkpoint.commits(), checkpoint.replacements(), positions);
  }
}
