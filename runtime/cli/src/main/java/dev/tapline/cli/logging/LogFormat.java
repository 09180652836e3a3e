package dev.tapline.cli.logging;

/// How log lines look.
public enum LogFormat {
  /// For people: `14:12:34 INFO stream public.orders: 12 splits`.
  TEXT,
  /// One JSON object a line, with `time`, `level`, `logger`, `thread`, `stream`, `message` and
  /// `exception`.
  JSON
}
