package dev.tapline.spi.source;

import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.WriteMode;
import java.util.List;
import java.util.Map;

/// A unit of work that a source has planned and can begin anywhere: one range of a table, or one
/// log. It is plain data, so that it can be sent to another process.
///
/// @param id unique within the run; it appears in logs and file names: letters, digits, `.`, `_`,
///   `-`
/// @param streams the streams whose rows it brings
/// @param mode whether its rows are part of a new version of the streams or are added to what is
///   there
/// @param kind what the source shall do; its own word
/// @param arguments what it needs for that; no secrets
/// @param from where to begin
public record Read(
    String id,
    List<StreamName> streams,
    WriteMode mode,
    String kind,
    Map<String, String> arguments,
    Position from) {

  /// Copies the collections.
  public Read {
    streams = List.copyOf(streams);
    arguments = Map.copyOf(arguments);
  }

  /// The same work, begun elsewhere.
  public Read from(Position position) {
    return new Read(id, streams, mode, kind, arguments, position);
  }
}
