package dev.tapline.sink.jsonl.encoding;

/// How JSON documents stand in a row.
public enum JsonPolicy {
  /// As part of the row: token by token as the source has them, on one line.
  EMBED,
  /// As a string that holds the document, byte by byte as the source has it.
  TEXT
}
