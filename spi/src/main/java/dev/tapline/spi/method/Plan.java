package dev.tapline.spi.method;

import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.source.Read;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a method has planned.
///
/// @param reads the reads, those to begin first in front; a stream without a read is up to date
/// @param bookmarks where streams are left when their new version is complete; those that are not
///   named begin at the start the next time
/// @param again the streams that the method plans once more when all these reads have ended, each
///   from where it then is; one that has failed meanwhile is not planned again
public record Plan(List<Read> reads, Map<StreamName, Position> bookmarks, Set<StreamName> again) {

  /// Copies the collections.
  public Plan {
    reads = List.copyOf(reads);
    bookmarks = Map.copyOf(bookmarks);
    again = Set.copyOf(again);
  }

  /// A plan after whose reads all is done.
  public static Plan of(List<Read> reads) {
    return new Plan(reads, Map.of(), Set.of());
  }
}
