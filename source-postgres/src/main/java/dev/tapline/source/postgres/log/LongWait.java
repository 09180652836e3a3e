package dev.tapline.source.postgres.log;

import java.sql.SQLException;

/// Waits for what other transactions do, asks ever less often, and tells once what it waits for.
public final class LongWait {
  private static final long BETWEEN_MILLIS = 20;
  private static final long MOST_BETWEEN_MILLIS = 1_000;
  private static final long BEFORE_TELLING = 5_000_000_000L;

  private LongWait() {}

  /// What is asked of the server.
  public interface Question {
    /// Whether the wait is over.
    boolean isOver() throws SQLException;
  }

  /// @param tell is run when it takes long
  public static void until(Question question, Runnable tell)
      throws SQLException, InterruptedException {
    long since = System.nanoTime();
    long pause = BETWEEN_MILLIS;
    boolean told = false;
    while (!question.isOver()) {
      if (!told && System.nanoTime() - since > BEFORE_TELLING) {
        told = true;
        tell.run();
      }
      Thread.sleep(pause);
      pause = Math.min(MOST_BETWEEN_MILLIS, pause * 2);
    }
  }
}
