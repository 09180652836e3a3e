package dev.tapline.spi.sink;

import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.StreamName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What becomes visible together.
///
/// @param number the pipeline's count of checkpoints, from 1
/// @param commits what the writers of each stream have prepared, in the order in which they did
/// @param replacements the streams whose new version is now complete
/// @param positions where each stream stands once this is visible, for sinks that keep or publish
///   it
public record Checkpoint(
    long number,
    Map<StreamName, List<Commit>> commits,
    List<TableReplacement> replacements,
    Map<StreamName, Position> positions) {

  /// Copies the collections.
  public Checkpoint {
    Map<StreamName, List<Commit>> copies = new LinkedHashMap<>();
    commits.forEach((stream, prepared) -> copies.put(stream, List.copyOf(prepared)));
    commits = Collections.unmodifiableMap(copies);
    replacements = List.copyOf(replacements);
    positions = Map.copyOf(positions);
  }

  /// A stream whose new version is complete and takes the place of the one before.
  ///
  /// @param stream the stream
  /// @param destination what the sink calls it
  /// @param version the number of the new version
  public record TableReplacement(StreamName stream, String destination, long version) {}

  /// What the writers of all streams have prepared.
  public List<Commit> allCommits() {
    List<Commit> all = new ArrayList<>();
    commits.values().forEach(all::addAll);
    return all;
  }

  /// The same checkpoint without what it has of some streams.
  public Checkpoint without(Collection<StreamName> streams) {
    Map<StreamName, List<Commit>> others = new LinkedHashMap<>(commits);
    others.keySet().removeAll(streams);
    Map<StreamName, Position> stands = new LinkedHashMap<>(positions);
    stands.keySet().removeAll(streams);
    return new Checkpoint(
        number,
        others,
        replacements.stream().filter(each -> !streams.contains(each.stream())).toList(),
        stands);
  }
}
