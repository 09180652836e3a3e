package dev.tapline.runtime.cli;

import dev.tapline.runtime.select.NamePattern;
import java.util.ArrayList;
import java.util.List;

/// Patterns that the command line names.
final class NamePatterns {
  private NamePatterns() {}

  /// @param option the option's name, for the message
  /// @throws UsageException if one is none
  static List<NamePattern> parse(String option, List<String> texts) throws UsageException {
    List<NamePattern> patterns = new ArrayList<>();
    for (String text : texts) {
      try {
        patterns.add(NamePattern.parse(text));
      } catch (IllegalArgumentException e) {
        throw new UsageException(option + ": " + e.getMessage());
      }
    }
    return patterns;
  }
}
