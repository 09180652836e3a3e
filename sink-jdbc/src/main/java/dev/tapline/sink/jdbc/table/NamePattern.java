package dev.tapline.sink.jdbc.table;

import java.util.regex.Pattern;

/// Patterns of names, in which `*` stands for anything.
final class NamePattern {
  private NamePattern() {}

  static boolean matches(String pattern, String name) {
    return name.matches("(?s)" + Pattern.quote(pattern).replace("*", "\\E.*\\Q"));
  }
}
