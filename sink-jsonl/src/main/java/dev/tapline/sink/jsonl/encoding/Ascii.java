package dev.tapline.sink.jsonl.encoding;

import java.nio.charset.StandardCharsets;

/// Text that is ASCII by construction.
final class Ascii {
  private Ascii() {}

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /// Copies text without making an array on the way.
  @SuppressWarnings("deprecation") // drops the upper half of each char, which is zero here
  static int write(String text, byte[] to, int at) {
    text.getBytes(0, text.length(), to, at);
    return at + text.length();
  }
}
