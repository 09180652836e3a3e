package dev.tapline.runtime.engine;

import dev.tapline.spi.Finding;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// Keeps the first of several failures and hangs the others on it.
final class Failures {
  private Failures() {}

  static IOException add(@Nullable IOException first, IOException next) {
    if (first == null) {
      return next;
    }
    first.addSuppressed(next);
    return first;
  }

  /// What to tell a person: the message, or the kind of exception where it has none.
  static String message(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank() ? failure.toString() : message;
  }

  /// A finding in one sentence: of what, what, and the remedy.
  static String sentence(Finding finding) {
    return finding.subject() + ": " + statement(finding);
  }

  /// A finding without its subject: what, and the remedy.
  static String statement(Finding finding) {
    return finding.message() + (finding.remedy().isEmpty() ? "" : "; " + finding.remedy());
  }

  /// What made a future fail.
  static Throwable cause(ExecutionException failure) {
    Throwable cause = failure.getCause();
    return cause == null ? failure : cause;
  }
}
