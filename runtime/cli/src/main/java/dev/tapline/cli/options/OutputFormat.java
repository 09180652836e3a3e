package dev.tapline.cli.options;

/// How a command writes its answer.
public enum OutputFormat {
  /// For people.
  TEXT,
  /// For programs.
  JSON
}
