package dev.tapline.runtime.cli;

/// How a command writes its answer.
enum OutputFormat {
  /// For people.
  TEXT,
  /// For programs.
  JSON
}
