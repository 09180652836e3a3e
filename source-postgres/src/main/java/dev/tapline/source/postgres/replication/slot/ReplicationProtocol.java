package dev.tapline.source.postgres.replication.slot;

import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.connection.Sessions;
import dev.tapline.source.postgres.sql.SqlFailures;
import java.io.IOException;
import java.sql.SQLException;

/// Whether a connection really speaks the replication protocol. A pooler in between may drop the
/// parameter `replication` silently: then the server accepts only SQL, and replication commands are
/// syntax errors.
public final class ReplicationProtocol {
  private static final int SMALL_BUFFER = 64 << 10;
  private static final String SYNTAX_ERROR = "42601";

  private ReplicationProtocol() {}

  /// Opens a connection and speaks the protocol on it.
  ///
  /// @throws dev.tapline.spi.TransientException if the server may accept the connection later
  /// @throws IOException if it is refused or does not speak the protocol, with the remedy
  public static void require(Sessions sessions, String database) throws IOException {
    with(sessions, database, session -> session.query("IDENTIFY_SYSTEM", row -> row.getString(1)));
  }

  /// Works in a session of the replication protocol of its own.
  ///
  /// @throws dev.tapline.spi.TransientException if the server may accept the connection later
  /// @throws IOException if it is refused, does not speak the protocol, or the work fails
  public static <T, E extends Exception> T with(
      Sessions sessions, String database, Sessions.Work<T, E> work) throws IOException, E {
    Session session = sessions.replication(database, SMALL_BUFFER).session();
    try {
      return work.in(session);
    } catch (SQLException e) {
      throw failure(e, "database '" + database + "'");
    } finally {
      sessions.drop(session);
    }
  }

  /// The failure of a command of replication.
  ///
  /// @param subject what was worked on, in the user's words
  public static IOException failure(SQLException failure, String subject) {
    return SYNTAX_ERROR.equals(failure.getSQLState())
        ? new IOException(
            "%s: the connection does not speak the replication protocol (%s): a pooler in between takes the parameter 'replication' away; give host and port of the server itself"
                .formatted(subject, SqlFailures.said(failure)),
            failure)
        : SqlFailures.besideTables(failure, subject);
  }
}
