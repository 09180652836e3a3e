package dev.tapline.source.postgres.replication.position;

import dev.tapline.spi.Position;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Where a stream stands in the log.
///
/// @param lsn every transaction whose commit record begins at or behind it is still to come
/// @param oid the number of the stream's table
/// @param filter the condition under which rows of the table were published when it was copied, as
///   [dev.tapline.source.postgres.replication.publication.PublishedSubset#filter] has it
/// @param copied what the scan has seen, as long as the log has not passed that
/// @param facts what the position rests on, as
///   [dev.tapline.source.postgres.replication.facts.StreamFacts#text()] has it; empty where a state
///   of an earlier build does not say
public record LogPosition(
    long lsn, long oid, String filter, Optional<Visibility> copied, String facts) {
  private static final String OID = "oid";
  private static final String FILTER = "filter";
  private static final String SNAPSHOT = "snapshot";
  private static final String UNTIL = "until";

  /// The same stream when the log has been read further.
  public LogPosition at(long further) {
    boolean passed = copied.isPresent() && !Lsn.isBefore(further, copied.get().until());
    return new LogPosition(further, oid, filter, passed ? Optional.empty() : copied, facts);
  }

  /// The same when it rests on what is true now.
  public LogPosition restingOn(String now) {
    return new LogPosition(lsn, oid, filter, copied, now);
  }

  /// Up to where the stream has seen the log, by reading it or by its copy.
  public long reached() {
    return copied.isPresent() ? Lsn.max(lsn, copied.get().until()) : lsn;
  }

  /// As the state keeps it.
  public Position position() {
    TreeMap<String, String> entries = new TreeMap<>();
    entries.put(Position.LSN, Lsn.text(lsn));
    entries.put(OID, String.valueOf(oid));
    if (!filter.isEmpty()) {
      entries.put(FILTER, filter);
    }
    copied.ifPresent(visibility -> {
      entries.put(SNAPSHOT, visibility.text());
      entries.put(UNTIL, Lsn.text(visibility.until()));
    });
    if (!facts.isEmpty()) {
      entries.put(Position.FACTS, facts);
    }
    return new Position(entries);
  }

  /// Whether a position is one of a log.
  public static boolean is(Position position) {
    return position.entries().containsKey(Position.LSN);
  }

  /// @throws IllegalArgumentException if the position is not one that [#position()] has made
  public static LogPosition of(Position position) {
    @Nullable String snapshot = position.entries().get(SNAPSHOT);
    return new LogPosition(
        Lsn.parse(entry(position, Position.LSN)),
        Long.parseLong(entry(position, OID)),
        position.entries().getOrDefault(FILTER, ""),
        snapshot == null
            ? Optional.empty()
            : Optional.of(new Visibility(snapshot, Lsn.parse(entry(position, UNTIL)))),
        position.entries().getOrDefault(Position.FACTS, ""));
  }

  private static String entry(Position position, String name) {
    @Nullable String value = position.entries().get(name);
    if (value == null) {
      throw new IllegalArgumentException("position " + position + " has no '" + name + "'");
    }
    return value;
  }
}
