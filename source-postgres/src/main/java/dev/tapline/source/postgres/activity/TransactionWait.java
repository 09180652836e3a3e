package dev.tapline.source.postgres.activity;

import java.sql.SQLException;

/// Waits for other transactions, polling ever less often, and reports now and then what it waits
/// for.
public final class TransactionWait {
  private static final long BETWEEN_MILLIS = 20;
  private static final long MAX_BETWEEN_MILLIS = 1_000;
  private static final long BEFORE_TELLING = 3_000_000_000L;
  private static final long BETWEEN_TELLING = 60_000_000_000L;

  private TransactionWait() {}

  /// The condition to wait for.
  public interface Question {
    /// Whether the wait is over.
    boolean isOver() throws SQLException;
  }

  /// Reports what the wait is for.
  public interface Notice {
    void tell() throws SQLException;
  }

  /// @param notice is called when the wait takes long, and each minute from then on
  public static void until(Question question, Notice notice)
      throws SQLException, InterruptedException {
    long next = System.nanoTime() + BEFORE_TELLING;
    long pause = BETWEEN_MILLIS;
    while (!question.isOver()) {
      if (System.nanoTime() - next > 0) {
        next = System.nanoTime() + BETWEEN_TELLING;
        notice.tell();
      }
      Thread.sleep(pause);
      pause = Math.min(MAX_BETWEEN_MILLIS, pause * 2);
    }
  }
}
