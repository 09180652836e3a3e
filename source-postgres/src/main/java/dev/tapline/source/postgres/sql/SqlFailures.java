package dev.tapline.source.postgres.sql;

import dev.tapline.spi.TransientException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/// Turns an [SQLException] into a sentence, and tells transient failures from permanent ones.
/// Decides by SQLSTATE and routine, never by the message: the server speaks the language of
/// `lc_messages`.
public final class SqlFailures {
  /// The state of an error that the server itself did not expect.
  public static final String INTERNAL_ERROR = "XX000";

  // Serialisation, deadlock, and a database that was dropped on the primary.
  private static final Set<String> CONFLICTS = Set.of("40001", "40P01", "57P04");

  private SqlFailures() {}

  /// The failure of a statement in an open session.
  ///
  /// @param subject what was worked on, in the user's words: `table public.orders`
  /// @return a [TransientException] when it is worth trying again, else a plain [IOException]
  public static IOException of(SQLException failure, String subject) {
    return of(failure, subject, "");
  }

  /// The failure of what reads no table by its name, so that none can have been altered meanwhile.
  ///
  /// @param subject what was worked on, in the user's words: `slot 'tapline_shop'`
  /// @return a [TransientException] when it is worth trying again, else a plain [IOException]
  public static IOException besideTables(SQLException failure, String subject) {
    // The server says of each failure of the log where it was, which is no function of users.
    return of(failure, subject, "", Place.ELSEWHERE);
  }

  /// The failure of a statement in an open session that reads a table.
  ///
  /// @param subject what was worked on, in the user's words: `table public.orders`
  /// @param grant the statement that gives the user the privilege to do so
  /// @return a [TransientException] when it is worth trying again, else a plain [IOException]
  public static IOException of(SQLException failure, String subject, String grant) {
    return of(
        failure, subject, grant, isWithinFunction(failure) ? Place.FUNCTION : placeOf(failure));
  }

  private enum Place {
    FUNCTION,
    TABLE,
    ELSEWHERE
  }

  private static Place placeOf(SQLException failure) {
    return isRemote(failure) ? Place.ELSEWHERE : Place.TABLE;
  }

  private static IOException of(SQLException failure, String subject, String grant, Place place) {
    String state = state(failure);
    String said = said(failure);
    if (isRecoveryConflict(failure)) {
      return new TransientException(
          "%s: the standby gave up the query to apply what its primary did (%s); set hot_standby_feedback = on there, or a longer max_standby_streaming_delay"
              .formatted(subject, said),
          failure);
    }
    if (isTransient(state) || failure.getCause() instanceof IOException) {
      return new TransientException(subject + ": " + passing(state, said), failure);
    }
    return new IOException(
        switch (state) {
          case "42P01", "42703", "3F000", INTERNAL_ERROR ->
              switch (place) {
                case FUNCTION -> ofFunction(failure, subject);
                case TABLE ->
                    subject
                        + " was dropped or altered while it was read ("
                        + said
                        + "); run again to read it as it is now";
                case ELSEWHERE -> subject + ": " + said;
              };
          case "42501" -> refused(subject, failure, grant);
          case "57014" ->
              subject
                  + ": the server cancelled the statement ("
                  + said
                  + "); raise or remove statement-timeout if it was that";
          default -> place == Place.FUNCTION ? ofFunction(failure, subject) : subject + ": " + said;
        },
        failure);
  }

  // A function that users have defined, which the server ran for a statement of ours. It says where
  // it was for other reasons too (a parallel worker); what functions are written in is called the
  // same in each language of its messages.
  private static boolean isWithinFunction(SQLException failure) {
    String where = fact(failure, ServerErrorMessage::getWhere);
    return !fact(failure, ServerErrorMessage::getInternalQuery).isEmpty()
        || (!isRemote(failure) && (where.contains("PL/") || where.contains("SQL")));
  }

  // What postgres_fdw passes on from another server, with the statement that it has sent there.
  private static boolean isRemote(SQLException failure) {
    return routine(failure).startsWith("pgfdw_");
  }

  private static String ofFunction(SQLException failure, String subject) {
    String where = oneLine(fact(failure, ServerErrorMessage::getWhere));
    String text =
        "%s: a function that it calls fails (%s%s)"
            .formatted(subject, said(failure), where.isEmpty() ? "" : "; " + where);
    return switch (state(failure)) {
      case "42P01", "42703", "42883", "42704", "3F000" ->
          text
              + "; if it relies on the search path, set one for it (ALTER FUNCTION ... SET search_path = ...) or for the user (ALTER ROLE ... SET search_path = ...)";
      default -> text;
    };
  }

  /// Whether a standby gave up a query, or a whole connection, to apply what its primary had done.
  ///
  /// The server says this from the one place where it looks after interrupts, with states that mean
  /// something else when they come from elsewhere.
  public static boolean isRecoveryConflict(SQLException failure) {
    String routine = routine(failure).toLowerCase(Locale.ROOT).replace("_", "");
    return CONFLICTS.contains(state(failure))
        && (routine.equals("processinterrupts") || routine.contains("recoveryconflict"));
  }

  /// Whether a failure of this SQLSTATE may pass by itself.
  static boolean isTransient(String state) {
    return state.startsWith("08")
        || switch (state) {
          // Shutdown, crash, not yet accepting connections, an idle session that was ended.
          case "57P01", "57P02", "57P03", "57P05" -> true;
          // Too many connections, serialisation, deadlock, lock not available.
          case "53300", "40001", "40P01", "55P03" -> true;
          default -> false;
        };
  }

  /// The SQLSTATE, or nothing.
  public static String state(SQLException failure) {
    @Nullable String state = failure.getSQLState();
    return state == null ? "" : state;
  }

  /// The function of the server's source that has found the failure, which is called the same in
  /// each language of its messages; or nothing.
  public static String routine(SQLException failure) {
    return fact(failure, ServerErrorMessage::getRoutine);
  }

  private static String fact(
      SQLException failure, Function<ServerErrorMessage, @Nullable String> fact) {
    @Nullable ServerErrorMessage server =
        failure instanceof PSQLException thrown ? thrown.getServerErrorMessage() : null;
    @Nullable String found = server == null ? null : fact.apply(server);
    return found == null ? "" : found;
  }

  /// The server's own words on one line, without the driver's additions.
  public static String said(SQLException failure) {
    String server = fact(failure, ServerErrorMessage::getMessage);
    @Nullable String message = server.isEmpty() ? failure.getMessage() : server;
    return message == null ? failure.getClass().getSimpleName() : oneLine(message);
  }

  /// Whether the server had a text to send that it cannot convert: bytes that are no characters in
  /// the database's encoding, or characters that the client's does not have.
  public static boolean cannotConvert(SQLException failure) {
    return switch (state(failure)) {
      case "22021", "22P05" -> true;
      default -> false;
    };
  }

  /// What the server says of where it was: for a log, the slot and the LSN.
  public static String where(SQLException failure) {
    return oneLine(fact(failure, ServerErrorMessage::getWhere));
  }

  private static String oneLine(String text) {
    return text.lines().map(String::strip).reduce((a, b) -> a + " " + b).orElse("").strip();
  }

  private static String passing(String state, String said) {
    if (said.equals("query_wait_timeout")) {
      // PgBouncer's only word for it, in any language.
      return "the pooler in front of the server had no connection left (query_wait_timeout); raise its pool_size, lower engine.parallelism, or name the server itself as source.host and source.port";
    }
    return switch (state) {
      case "57P01", "57P05" -> "the server ended the connection (" + said + ")";
      case "55P03" -> "another session holds a lock on it (" + said + ")";
      case "40001" -> "the server gave up the query (" + said + ")";
      default -> state.startsWith("08") ? "the connection was lost (" + said + ")" : said;
    };
  }

  private static String refused(String subject, SQLException failure, String grant) {
    if (routine(failure).equals("check_enable_rls")) {
      return subject
          + " has row-level security, which would hide rows from this user; read it with a role"
          + " that has BYPASSRLS: ALTER ROLE ... BYPASSRLS";
    }
    return subject + ": " + said(failure) + (grant.isEmpty() ? "" : "; " + grant);
  }
}
