package dev.tapline.soak;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/// What is counted.
final class Figures {
  final Map<Kind, Integer> steps = new EnumMap<>(Kind.class);
  final Map<String, Integer> told = new TreeMap<>();
  final Map<String, Integer> refused = new TreeMap<>();
  int stops;
  int equal;
  int failures;

  void step(Kind kind) {
    steps.merge(kind, 1, Integer::sum);
  }

  void told(String remedy) {
    told.merge(remedy, 1, Integer::sum);
  }

  /// A statement of the application that the server refused.
  void refused(String why) {
    refused.merge(why, 1, Integer::sum);
  }

  @Override
  public String toString() {
    return """
    %d steps of %d kinds: %s
    %d stops, %d table copies compared equal; streams that were told of: %s
    statements of the application that the server refused: %s
    MISMATCHES AND FAILURES WITHOUT A WORD: %d\
    """
        .formatted(
            steps.values().stream().mapToInt(Integer::intValue).sum(),
            steps.size(),
            steps,
            stops,
            equal,
            told,
            refused,
            failures);
  }
}
