package dev.tapline.spi.sink;

import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.StreamName;
import java.util.List;
import java.util.Map;

/// What becomes visible together.
///
/// @param number the pipeline's count of checkpoints, from 1
/// @param commits what the writers have prepared
/// @param replacements the streams whose new version is now complete
/// @param positions where each stream stands once this is visible, for sinks that keep or publish
///   it
public record Checkpoint(
    long number,
    List<Commit> commits,
    List<Replacement> replacements,
    Map<StreamName, Position> positions) {

  /// Copies the collections.
  public Checkpoint {
    commits = List.copyOf(commits);
    replacements = List.copyOf(replacements);
    positions = Map.copyOf(positions);
  }

  /// A stream whose new version is complete and takes the place of the one before.
  ///
  /// @param stream the stream
  /// @param destination what the sink calls it
  /// @param generation the number of the new version
  public record Replacement(StreamName stream, String destination, long generation) {}
}
