package dev.tapline.spi.source;

import dev.tapline.spi.catalog.StreamName;
import java.util.List;
import java.util.Map;

/// How streams go on from where they were left.
///
/// @param splits the splits, of mode [dev.tapline.spi.sink.WriteMode#APPEND], that bring the rows
///   from there on
/// @param outdated the streams that cannot go on, and are to be copied anew, with what is said of
///   each to people
/// @param doubts what is to be told of streams that go on: why their position may mislead
public record ResumePlan(
    List<Split> splits, Map<StreamName, String> outdated, Map<StreamName, List<String>> doubts) {

  /// Copies the collections.
  public ResumePlan {
    splits = List.copyOf(splits);
    outdated = Map.copyOf(outdated);
    doubts = Map.copyOf(doubts);
  }
}
