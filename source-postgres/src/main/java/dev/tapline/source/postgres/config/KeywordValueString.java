package dev.tapline.source.postgres.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Parses the keyword/value form of a connection string, `host=db dbname=shop password='it is'`.
/// Values that are empty or contain spaces are quoted; a backslash escapes a quote or a backslash.
final class KeywordValueString {
  private static final Pattern PAIR =
      Pattern.compile(
          "\\s*([^\\s=]+)\\s*=\\s*('(?:[^'\\\\]|\\\\.)*'|(?:[^\\s'\\\\]|\\\\.)*)(?=\\s|$)");

  private KeywordValueString() {}

  /// Receives each pair.
  @FunctionalInterface
  interface Receiver {
    void accept(String name, String value);
  }

  /// Whether a text is of this form and not a URL.
  static boolean is(String text) {
    return text.matches("\\s*\\w+\\s*=(?s:.*)");
  }

  /// @return whether the whole text could be read
  static boolean read(String text, Receiver receiver) {
    String stripped = text.strip();
    Matcher matcher = PAIR.matcher(stripped);
    int position = 0;
    while (position < stripped.length()) {
      if (!matcher.find(position) || matcher.start() != position) {
        return false;
      }
      String value = matcher.group(2);
      if (value.startsWith("'")) {
        value = value.substring(1, value.length() - 1);
      }
      receiver.accept(matcher.group(1), value.replaceAll("(?s)\\\\(.)", "$1"));
      position = matcher.end();
    }
    return true;
  }
}
