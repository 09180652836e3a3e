package dev.tapline.source.postgres.activity;

import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.connection.Sessions;
import dev.tapline.spi.thread.Threads;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A statement that the server completes only when other transactions have ended, such as the
/// creation of a slot. While it waits, reports for whom; an interrupt ends it at once, on the
/// server too.
public final class BlockingStatement {
  private static final Logger LOG = LoggerFactory.getLogger(BlockingStatement.class);
  private static final int WITH_CLIENT_CHECK = 140_000;
  private static final long MILLIS_BEFORE_TELLING = 3_000;
  private static final long MILLIS_BETWEEN = 60_000;
  private static final long MILLIS_TO_END = 5_000;

  private final Sessions sessions;
  private final Session session;
  private final String subject;

  /// @param sessions for questions about whom it waits for
  /// @param session executes the statement
  /// @param subject what is made, for messages
  public BlockingStatement(Sessions sessions, Session session, String subject) {
    this.sessions = sessions;
    this.session = session;
    this.subject = subject;
  }

  /// What the server is asked for.
  ///
  /// @param <T> class of the answer
  @FunctionalInterface
  public interface Statement<T> {
    T run(Session session) throws SQLException;
  }

  /// The setting by which a server gives a statement up whose client is gone; nothing where it has
  /// none.
  public static String clientCheck(Session session) {
    return session.version() >= WITH_CLIENT_CHECK ? "client_connection_check_interval = '2s'" : "";
  }

  /// Runs a statement.
  ///
  /// @throws InterruptedException if the thread was interrupted; the session is then aborted
  public <T> T run(Statement<T> statement) throws SQLException, IOException, InterruptedException {
    int pid = session.query("SELECT pg_catalog.pg_backend_pid()", row -> row.getInt(1)).getFirst();
    FutureTask<T> task = new FutureTask<>(() -> statement.run(session));
    Thread thread = Threads.virtual("slot-creation", task::run);
    thread.start();
    try {
      long patience = MILLIS_BEFORE_TELLING;
      while (true) {
        try {
          return task.get(patience, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          tell(pid);
          patience = MILLIS_BETWEEN;
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SQLException failure) {
        throw failure;
      }
      throw Threads.failure(e);
    } catch (InterruptedException e) {
      session.abort();
      // Until then the server may still be told to give it up.
      thread.join(MILLIS_TO_END);
      throw e;
    }
  }

  private void tell(int pid) {
    try {
      sessions.with(session.database(), other -> tell(other, pid));
    } catch (IOException e) {
      LOG.debug("cannot ask for whom {} waits", subject, e);
    }
  }

  private boolean tell(Session other, int pid) throws SQLException {
    List<OpenTransaction> awaited = ServerActivity.awaitedBy(other, pid);
    if (!awaited.isEmpty()) {
      LOG.warn(
          "{} waits for {}; {}",
          subject,
          ServerActivity.said(awaited),
          awaited.getFirst().remedy());
    } else if (other.isOnStandby()) {
      long oldest =
          other
              .query(
                  "SELECT pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot())::text::bigint & 4294967295",
                  row -> row.getLong(1))
              .getFirst();
      LOG.warn(
          "{} waits for transactions of the primary, the oldest of which has the number {}; on the primary: SELECT pid, usename, xact_start, query FROM pg_stat_activity WHERE backend_xid = '{}'; or SELECT * FROM pg_prepared_xacts WHERE transaction = '{}';",
          subject,
          oldest,
          oldest,
          oldest);
    } else {
      LOG.info("{} waits for the server", subject);
    }
    return true;
  }
}
