package dev.tapline.engine.failure;

import java.util.Locale;

/// Tells of memory that ran out, always in the same words.
public final class HeapExhaustion {
  private static final int MOST_CAUSES = 20;

  private HeapExhaustion() {}

  /// Whether a failure goes back to memory that ran out.
  public static boolean isFull(Throwable failure) {
    Throwable at = failure;
    for (int i = 0; at != null && i < MOST_CAUSES; i++, at = at.getCause()) {
      if (at instanceof OutOfMemoryError) {
        return true;
      }
    }
    return false;
  }

  /// What to tell of it.
  public static String sentence(Throwable failure) {
    Throwable at = failure;
    while (!(at instanceof OutOfMemoryError) && at.getCause() != null) {
      at = at.getCause();
    }
    String said = String.valueOf(at.getMessage());
    if (said.toLowerCase(Locale.ROOT).contains("thread")) {
      return "the operating system gives the process no more threads (%s); raise its limit, for instance with 'ulimit -u', or lower engine.parallelism"
          .formatted(said);
    }
    return "its rows do not fit into the heap of %d MB; set TAPLINE_JAVA_OPTIONS=-Xmx1g, lower engine.parallelism, or exclude the column that is so large"
        .formatted(Runtime.getRuntime().maxMemory() >> 20);
  }
}
