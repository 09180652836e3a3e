package dev.tapline.cli.options;

import dev.tapline.engine.select.NamePattern;
import java.util.ArrayList;
import java.util.List;

/// Patterns that the command line names.
public final class StreamPatterns {
  private StreamPatterns() {}

  /// @param option the option's name, for the message
  /// @throws UsageException if one is none
  public static List<NamePattern> parse(String option, List<String> texts) throws UsageException {
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
