package dev.tapline.source.postgres.sql;

/// Quotes names and texts for SQL.
public final class Quote {
  private Quote() {}

  /// A name in double quotes.
  public static String name(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /// A text in single quotes, whatever `standard_conforming_strings` says.
  public static String text(String text) {
    String doubled = text.replace("'", "''");
    return doubled.indexOf('\\') < 0
        ? "'" + doubled + "'"
        : " E'" + doubled.replace("\\", "\\\\") + "'";
  }
}
