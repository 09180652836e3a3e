package dev.tapline.source.postgres.connection;

import dev.tapline.source.postgres.sql.SqlFailures;
import java.io.IOException;
import java.sql.SQLException;

/// Asks a database something, in a session that is borrowed for it. The session is given back when
/// there is an answer, and dropped when there is none.
public final class Ask {
  private Ask() {}

  /// What is asked.
  ///
  /// @param <T> class of the answer
  /// @param <E> class of what else it may throw, as in [InterruptedException]
  @FunctionalInterface
  public interface Question<T, E extends Exception> {
    /// Asks, and leaves the session in no transaction.
    T ask(Session session) throws SQLException, IOException, E;
  }

  /// Asks; a failure is told of the database.
  public static <T, E extends Exception> T in(
      Sessions sessions, String database, Question<T, E> question) throws IOException, E {
    return in(sessions, database, "database '" + database + "'", question);
  }

  /// Asks.
  ///
  /// @param subject of what a failure is told, in the user's words: `slot 'tapline_shop'`
  public static <T, E extends Exception> T in(
      Sessions sessions, String database, String subject, Question<T, E> question)
      throws IOException, E {
    Session session = sessions.borrow(database);
    boolean sound = false;
    try {
      T answer = question.ask(session);
      sound = true;
      return answer;
    } catch (SQLException e) {
      throw SqlFailures.of(e, subject);
    } finally {
      if (sound) {
        sessions.giveBack(session);
      } else {
        sessions.drop(session);
      }
    }
  }
}
