package dev.tapline.spi.method;

import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.source.Split;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a method has planned.
///
/// @param splits the splits, those to begin first in front; a stream without a split is up to date
/// @param positions where streams are left when their new version is complete; those that are not
///   named begin at the start the next time
/// @param again the streams that the method plans once more when all these splits have ended, each
///   from where it then is; one that has failed meanwhile is not planned again
public record Plan(List<Split> splits, Map<StreamName, Position> positions, Set<StreamName> again) {

  /// Copies the collections.
  public Plan {
    splits = List.copyOf(splits);
    positions = Map.copyOf(positions);
    again = Set.copyOf(again);
  }

  /// A plan after whose splits all is done.
  public static Plan of(List<Split> splits) {
    return new Plan(splits, Map.of(), Set.of());
  }
}
