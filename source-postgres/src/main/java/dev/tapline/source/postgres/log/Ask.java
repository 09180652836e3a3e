package dev.tapline.source.postgres.log;

import dev.tapline.source.postgres.connect.Failures;
import dev.tapline.source.postgres.connect.Session;
import dev.tapline.source.postgres.connect.Sessions;
import java.io.IOException;
import java.sql.SQLException;

/// Asks a database something.
public final class Ask {
  private Ask() {}

  /// What is asked.
  ///
  /// @param <T> class of the answer
  @FunctionalInterface
  public interface Question<T> {
    /// Asks, and leaves the session in no transaction.
    T ask(Session session) throws SQLException, IOException;
  }

  /// Asks in a session that is borrowed for it.
  public static <T> T in(Sessions sessions, String database, Question<T> question)
      throws IOException {
    Session session = sessions.borrow(database);
    boolean sound = false;
    try {
      T answer = question.ask(session);
      sound = true;
      return answer;
    } catch (SQLException e) {
      throw Failures.of(e, "database '" + database + "'");
    } finally {
      if (sound) {
        sessions.giveBack(session);
      } else {
        sessions.drop(session);
      }
    }
  }
}
