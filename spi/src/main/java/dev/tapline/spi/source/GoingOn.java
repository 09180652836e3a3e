package dev.tapline.spi.source;

import dev.tapline.spi.catalog.StreamName;
import java.util.List;
import java.util.Map;

/// How streams go on from where they were left.
///
/// @param reads the reads, of mode [dev.tapline.spi.sink.WriteMode#APPEND], that bring the rows
///   from there on
/// @param outdated the streams that cannot go on, and are to be copied anew, with what is said of
///   each to people
/// @param doubts what is to be told of streams that go on: why their bookmark may mislead
public record GoingOn(
    List<Read> reads, Map<StreamName, String> outdated, Map<StreamName, List<String>> doubts) {

  /// Copies the collections.
  public GoingOn {
    reads = List.copyOf(reads);
    outdated = Map.copyOf(outdated);
    doubts = Map.copyOf(doubts);
  }
}
