package dev.tapline.sink.jsonl.encoding;

/// How JSON documents are written.
public enum JsonPolicy {
  /// As part of the row, with the source's tokens, on one line.
  EMBED,
  /// As a string with the source's text.
  TEXT
}
