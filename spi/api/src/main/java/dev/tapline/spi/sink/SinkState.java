package dev.tapline.spi.sink;

import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.StreamName;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// What a pipeline must be given to go on, where its destination keeps it ([Capability#STATE]).
///
/// @param streams where each stream was left, ordered by name
/// @param version the highest number of a version that was given to a stream
/// @param time the last time of the pipeline's clock, in microseconds since 1970
public record SinkState(Map<StreamName, Entry> streams, long version, long time) {
  /// Of a destination that knows of no stream.
  public static final SinkState NONE = new SinkState(Map.of(), 0, 0);

  /// Copies the streams.
  public SinkState {
    streams = Collections.unmodifiableMap(new TreeMap<>(streams));
  }

  /// Where a stream was left.
  ///
  /// @param method the replication method that brought it here
  /// @param destination what the sink calls it
  /// @param version the number of its version in the destination
  /// @param position where the next run goes on; [Position#START] where it reads everything
  public record Entry(String method, String destination, long version, Position position) {}
}
