package dev.tapline.engine.plan;

import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The streams that are planned together: those of one method and one database, since what they
/// share, a snapshot or a log, is the database's.
final class StreamGroup {
  static final int MOST_ROUNDS = 10;

  /// A source that has streams of a log copied anew takes its time for it: rounds that far apart
  /// are not in a row.
  static final Duration QUIET = Duration.ofMinutes(1);

  final List<StreamWork> streams = new ArrayList<>();

  /// What is planned again when all splits have ended.
  final Set<StreamName> again = new LinkedHashSet<>();

  private final AttemptLimiter rounds = new AttemptLimiter(MOST_ROUNDS, QUIET);

  /// What tells groups apart.
  record Key(String method, String database) {}

  static Key keyOf(Stream stream) {
    return new Key(stream.method(), stream.name().database());
  }

  Key key() {
    return keyOf(streams.getFirst().stream());
  }

  String method() {
    return key().method();
  }

  boolean isReadyAgain() {
    return !again.isEmpty() && streams.stream().allMatch(StreamWork::isSettled);
  }

  /// Whether another round of planning may begin, or there were too many in a row.
  boolean mayGoOn() {
    return rounds.mayRepeat();
  }

  /// The streams to plan again, those that have ended meanwhile left out.
  List<StreamWork> takeAgain() {
    List<StreamWork> taken =
        streams.stream()
            .filter(work -> again.contains(work.stream().name()) && !work.progress().hasEnded())
            .toList();
    again.clear();
    return taken;
  }
}
