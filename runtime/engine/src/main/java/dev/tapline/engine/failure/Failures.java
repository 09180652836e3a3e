package dev.tapline.engine.failure;

import dev.tapline.engine.PluginFault;
import dev.tapline.spi.catalog.Finding;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// Keeps the first of several failures and hangs the others on it.
public final class Failures {
  private static final int MOST_CAUSES = 20;

  private Failures() {}

  public static IOException add(@Nullable IOException first, IOException next) {
    if (first == null) {
      return next;
    }
    first.addSuppressed(next);
    return first;
  }

  /// What to tell a person: the message, or the kind of exception where it has none. Of a heap that
  /// is full there is one form, however deep in the causes it is found.
  public static String message(Throwable failure) {
    if (HeapExhaustion.isFull(failure)) {
      return HeapExhaustion.sentence(failure);
    }
    String message = failure.getMessage();
    return message == null || message.isBlank() ? failure.toString() : message;
  }

  /// Converts any failure of a step into an [IOException], as sources and destinations throw it.
  public static IOException of(Throwable failure) {
    return failure instanceof IOException e ? e : new IOException(inside(failure), failure);
  }

  /// Whether a failure goes back to an [Error] other than of memory: something is broken, and
  /// nothing of the run can be trusted to go on.
  public static boolean isFatal(Throwable failure) {
    Throwable at = failure;
    for (int i = 0; at != null && i < MOST_CAUSES; i++, at = at.getCause()) {
      if (at instanceof Error) {
        return !(at instanceof OutOfMemoryError);
      }
    }
    return false;
  }

  /// What to tell of a failure that no plug-in has told of.
  private static String inside(Throwable failure) {
    return HeapExhaustion.isFull(failure)
            || failure instanceof PluginFault
            || failure instanceof IOException
        ? message(failure)
        : "an error inside Tapline: " + failure + "; report it, with what --debug shows";
  }

  /// What to tell of a thread that has died.
  public static String death(String thread, Throwable cause) {
    return "the thread '" + thread + "' has died, so that the run ends: " + inside(cause);
  }

  /// A finding in one sentence: of what, what, and the remedy.
  ///
  /// @param withDatabase whether streams are called with their database
  public static String sentence(Finding finding, boolean withDatabase) {
    return finding.subject().label(withDatabase) + ": " + statement(finding);
  }

  /// A finding without its subject: what, and the remedy.
  public static String statement(Finding finding) {
    return finding.message() + (finding.remedy().isEmpty() ? "" : "; " + finding.remedy());
  }

  /// What made a future fail.
  public static Throwable cause(ExecutionException failure) {
    Throwable cause = failure.getCause();
    return cause == null ? failure : cause;
  }
}
