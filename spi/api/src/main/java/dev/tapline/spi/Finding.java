package dev.tapline.spi;

/// What a check found out about one thing that a pipeline needs.
///
/// @param severity how much it matters
/// @param subject what was looked at, in the user's words: `connection`, `public.orders`, `path`
/// @param message what is so, as one sentence without a final full stop
/// @param remedy what to do, as a statement to paste where that is possible; empty when there is
///   nothing to do
public record Finding(Severity severity, String subject, String message, String remedy) {

  /// How much a finding matters.
  public enum Severity {
    /// As it should be.
    OK,
    /// The run will work, yet perhaps not as the user thinks.
    WARNING,
    /// The run, or one stream of it, cannot work.
    ERROR
  }

  /// A finding that all is well.
  public static Finding ok(String subject, String message) {
    return new Finding(Severity.OK, subject, message, "");
  }

  /// A finding to think about.
  public static Finding warning(String subject, String message, String remedy) {
    return new Finding(Severity.WARNING, subject, message, remedy);
  }

  /// A finding that must be put right.
  public static Finding error(String subject, String message, String remedy) {
    return new Finding(Severity.ERROR, subject, message, remedy);
  }
}
