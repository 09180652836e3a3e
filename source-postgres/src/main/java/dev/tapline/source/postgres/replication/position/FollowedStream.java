package dev.tapline.source.postgres.replication.position;

import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.StreamName;

/// A stream that a split of the log follows.
///
/// @param name its name
/// @param from where it goes on
/// @param schema the fields that the pipeline has selected and the log can carry
/// @param open whether every column that the user may read is selected, so that one that is new
///   belongs to the stream too
/// @param selected the fields that the pipeline has selected, those included that the log does not
///   carry
/// @param everything whether these are all columns that the user may read
public record FollowedStream(
    StreamName name,
    LogPosition from,
    Schema schema,
    boolean open,
    Schema selected,
    boolean everything) {
  /// One whose selected fields all come.
  public FollowedStream(StreamName name, LogPosition from, Schema schema, boolean open) {
    this(name, from, schema, open, schema, open);
  }
}
