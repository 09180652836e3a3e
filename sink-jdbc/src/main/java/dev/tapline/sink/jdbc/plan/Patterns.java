package dev.tapline.sink.jdbc.plan;

import java.util.regex.Pattern;

/// Names with `*` for anything.
final class Patterns {
  private Patterns() {}

  static boolean matches(String pattern, String name) {
    return name.matches("(?s)" + Pattern.quote(pattern).replace("*", "\\E.*\\Q"));
  }
}
