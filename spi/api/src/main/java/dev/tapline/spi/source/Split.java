package dev.tapline.spi.source;

import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.WriteMode;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A unit of work that a source has planned and can begin anywhere: one range of a table, or one
/// log. It is plain data, so that it can be sent to another process.
///
/// @param id unique within the run; it appears in logs and file names: letters, digits, `.`, `_`,
///   `-`
/// @param from the streams whose rows it brings, each with where it goes on, in a stable order. A
///   stream of a log may be further than others: what it has had already is not brought again
/// @param mode whether its rows are part of a new version of the streams or are added to what is
///   there
/// @param kind what the source shall do; its own word
/// @param arguments what it needs for that; no secrets
public record Split(
    String id,
    Map<StreamName, Position> from,
    WriteMode mode,
    String kind,
    Map<String, String> arguments) {

  /// Copies the collections.
  public Split {
    from = Collections.unmodifiableMap(new LinkedHashMap<>(from));
    arguments = Map.copyOf(arguments);
  }

  /// The work that brings one stream.
  public static Split of(
      String id,
      StreamName stream,
      Position from,
      WriteMode mode,
      String kind,
      Map<String, String> arguments) {
    return new Split(id, Map.of(stream, from), mode, kind, arguments);
  }

  /// The streams whose rows it brings.
  public List<StreamName> streams() {
    return List.copyOf(from.keySet());
  }

  /// The argument of a name.
  ///
  /// @throws IllegalArgumentException if there is none
  public String argument(String name) {
    String value = arguments.get(name);
    if (value == null) {
      throw new IllegalArgumentException("split " + id + " has no '" + name + "'");
    }
    return value;
  }

  /// The same work for some of its streams, begun elsewhere.
  public Split from(Map<StreamName, Position> positions) {
    return new Split(id, positions, mode, kind, arguments);
  }

  /// Where each of some streams begins, when all begin at one place.
  public static Map<StreamName, Position> all(Collection<StreamName> streams, Position position) {
    Map<StreamName, Position> all = new LinkedHashMap<>();
    streams.forEach(stream -> all.put(stream, position));
    return all;
  }
}
