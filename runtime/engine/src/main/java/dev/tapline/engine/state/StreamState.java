package dev.tapline.engine.state;

import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.StreamName;
import java.time.Instant;

/// What a pipeline remembers of a stream.
///
/// @param name the stream
/// @param method the replication method that brought it here
/// @param destination what the sink calls it
/// @param version the version of the stream in the destination
/// @param position where the next run goes on; [Position#START] where it reads everything
/// @param updatedAt when that was written
public record StreamState(
    StreamName name,
    String method,
    String destination,
    long version,
    Position position,
    Instant updatedAt) {
  /// The same stream at another place.
  StreamState at(Position next, Instant now) {
    return new StreamState(name, method, destination, version, next, now);
  }
}
