package dev.tapline.source.postgres.connection;

import dev.tapline.source.postgres.connection.SessionSettings.Money;
import dev.tapline.source.postgres.connection.socket.ReplicationSocket;
import dev.tapline.source.postgres.sql.Quote;
import dev.tapline.source.postgres.sql.SqlFailures;
import java.io.Closeable;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;
import org.postgresql.util.PSQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens sessions, and keeps returned ones for later use: a login takes several milliseconds, which
/// would add up for ten thousand small tables. Safe for use by several threads.
public final class Sessions implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
  // A server may end sessions that are idle (idle_session_timeout), and so may a firewall.
  private static final long IDLE_WITHOUT_A_LOOK = 200_000_000L;
  // A server may have more databases than connections.
  private static final int MAX_IDLE = 8;
  private static final int SECONDS_TO_ANSWER = 5;
  private final ConnectionConfig config;
  private final Connector connector;
  private final Deque<Idle> idle = new ArrayDeque<>();
  private final Set<Session> borrowed = new HashSet<>();
  private boolean closed;
  private volatile int version;
  private final Map<String, Money> monies = new ConcurrentHashMap<>();

  private record Idle(Session session, long since) {}

  /// @param config where to connect
  public Sessions(ConnectionConfig config) {
    this.config = config;
    this.connector = new Connector(config);
  }

  /// Opens the connections.
  public Connector connector() {
    return connector;
  }

  /// What is done in a session.
  ///
  /// @param <T> class of the result
  /// @param <E> class of what else it may throw, as in [InterruptedException]
  @FunctionalInterface
  public interface Work<T, E extends Exception> {
    /// Works, and leaves the session in no transaction.
    T in(Session session) throws SQLException, IOException, E;
  }

  /// Works in a borrowed session. It is given back when the work succeeds, and dropped otherwise.
  ///
  /// @throws IOException if the work fails, naming the database
  public <T, E extends Exception> T with(String database, Work<T, E> work) throws IOException, E {
    return with(database, "database '" + database + "'", work);
  }

  /// Works in a borrowed session. It is given back when the work succeeds, and dropped otherwise.
  ///
  /// @param subject what failures name, in the user's words: `slot 'tapline_shop'`
  public <T, E extends Exception> T with(String database, String subject, Work<T, E> work)
      throws IOException, E {
    Session session = borrow(database);
    boolean sound = false;
    try {
      T result = work.in(session);
      sound = true;
      return result;
    } catch (SQLException e) {
      throw SqlFailures.of(e, subject);
    } finally {
      if (sound) {
        giveBack(session);
      } else {
        drop(session);
      }
    }
  }

  /// A session of the caller's own, until [#giveBack] or [#drop].
  ///
  /// @throws dev.tapline.spi.TransientException if the server may accept the connection later
  /// @throws IOException if the server refuses it, with the reason and the remedy
  public Session borrow(String database) throws IOException {
    @Nullable Idle found = takeIdle(database);
    while (found != null) {
      if (isUsable(found)) {
        return found.session();
      }
      drop(found.session());
      found = takeIdle(database);
    }
    Session session = opened(database);
    version = session.version();
    if (!session.countsMicroseconds()) {
      session.close();
      throw new IOException(
          "the server at %s was built with floating-point timestamps, which cannot be read exactly; upgrade it"
              .formatted(config.endpoint().address()));
    }
    return keep(session);
  }

  /// A session of the replication protocol.
  ///
  /// @param session the session
  /// @param socket where its bytes come from
  public record Replication(Session session, ReplicationSocket socket) {}

  /// A session of the replication protocol, of the caller's own until [#drop]. Statements that are
  /// no commands of replication work in it from PostgreSQL 10 on.
  ///
  /// @param receiveBuffer bytes that the operating system keeps of what the server sends ahead
  /// @throws dev.tapline.spi.TransientException if the server may accept the connection later
  /// @throws IOException if the server refuses it, with the reason and the remedy
  public Replication replication(String database, int receiveBuffer) throws IOException {
    try {
      return openReplication(database, receiveBuffer);
    } catch (IOException e) {
      @Nullable SQLException refusal = refusalToWalSender(e);
      throw refusal == null ? e : new IOException(mayNotRead(refusal), e);
    }
  }

  // PostgreSQL has one SQLSTATE for this and for a database that the role may not connect to.
  private static @Nullable SQLException refusalToWalSender(IOException failure) {
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof PSQLException refusal
          && "42501".equals(refusal.getSQLState())
          && refusal.getServerErrorMessage() != null
          && "InitPostgres".equals(refusal.getServerErrorMessage().getRoutine())) {
        return refusal;
      }
    }
    return null;
  }

  private String mayNotRead(SQLException refusal) {
    String name = config.endpoint().user();
    String user = Quote.name(name);
    return "user '%s' may not read the log (%s); ALTER ROLE %s REPLICATION; or on Amazon RDS: GRANT rds_replication TO %s;"
        .formatted(name, SqlFailures.said(refusal), user, user);
  }

  private Replication openReplication(String database, int receiveBuffer) throws IOException {
    AtomicReference<ReplicationSocket> socket = new AtomicReference<>();
    Connection connection =
        connector.connect(
            database,
            properties -> {
              PGProperty.REPLICATION.set(properties, "database");
              PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "9.4");
              PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
              // For Session.takeTextsAsStored().
              PGProperty.ALLOW_ENCODING_CHANGES.set(properties, true);
              PGProperty.RECEIVE_BUFFER_SIZE.set(properties, receiveBuffer);
              // No statement could set it before PostgreSQL 10; and none must, as a pooler that
              // swallows what it does not know makes of this a session that others use.
              String options = PGProperty.OPTIONS.getOrDefault(properties);
              PGProperty.OPTIONS.set(
                  properties,
                  (options == null ? "" : options + " ")
                      + new SessionSettings(
                              version, monies.getOrDefault(database, Money.HUNDREDTHS), config)
                          .options());
            },
            Optional.of(below -> {
              ReplicationSocket wrapped = new ReplicationSocket(below);
              socket.set(wrapped);
              return wrapped;
            }));
    return new Replication(
        keep(
            opened(
                database, connection, () -> Session.ofReplication(database, connection, config))),
        socket.get());
  }

  /// Returns a session that is in no transaction.
  public void giveBack(Session session) throws IOException {
    Session tooMany = session;
    synchronized (this) {
      borrowed.remove(session);
      if (!closed && !session.isAborted()) {
        idle.push(new Idle(session, System.nanoTime()));
        if (idle.size() <= MAX_IDLE) {
          return;
        }
        tooMany = idle.removeLast().session();
      }
    }
    tooMany.close();
  }

  /// Ends a session that is in an unknown state. That it cannot be closed in order says nothing
  /// that matters, and must not stand in the place of what has brought it there.
  public void drop(Session session) {
    synchronized (this) {
      borrowed.remove(session);
    }
    try {
      session.close();
    } catch (IOException e) {
      LOG.debug("a session with database '{}' cannot be closed", session.database(), e);
    }
  }

  /// Ends every session, borrowed ones included.
  @Override
  public void close() throws IOException {
    List<Session> abandoned;
    List<Session> unused = new ArrayList<>();
    synchronized (this) {
      closed = true;
      abandoned = List.copyOf(borrowed);
      idle.forEach(entry -> unused.add(entry.session()));
      idle.clear();
      borrowed.clear();
    }
    Closer closer = new Closer();
    abandoned.forEach(session -> closer.close(session::abort));
    unused.forEach(closer::close);
    closer.close(connector);
    closer.end();
  }

  private synchronized @Nullable Idle takeIdle(String database) {
    Iterator<Idle> each = idle.iterator();
    while (each.hasNext()) {
      Idle entry = each.next();
      if (entry.session().database().equals(database)) {
        each.remove();
        borrowed.add(entry.session());
        return entry;
      }
    }
    return null;
  }

  private static boolean isUsable(Idle entry) throws IOException {
    try {
      return System.nanoTime() - entry.since() < IDLE_WITHOUT_A_LOOK
          || entry.session().answers(SECONDS_TO_ANSWER);
    } catch (SQLException e) {
      throw SqlFailures.of(e, "database '" + entry.session().database() + "'");
    }
  }

  private Session keep(Session session) throws IOException {
    synchronized (this) {
      if (!closed) {
        borrowed.add(session);
        return session;
      }
    }
    session.close();
    throw new IOException("the source is closed");
  }

  private Session opened(String database) throws IOException {
    Connection connection = connector.connect(database, properties -> {}, Optional.empty());
    return opened(
        database,
        connection,
        () -> {
          @Nullable Money known = monies.get(database);
          if (known == null) {
            known = Session.of(database, connection, config, Money.HUNDREDTHS).money();
            monies.put(database, known);
            if (known == Money.OTHERWISE) {
              LOG.info(
                  "database '{}' does not keep money in hundredths: values of type money come as its lc_monetary writes them",
                  database);
            }
          }
          return Session.of(database, connection, config, known);
        });
  }

  private interface Opening {
    Session session() throws SQLException;
  }

  // Resources: the session closes the connection, and so does a failed opening.
  private static Session opened(String database, Connection connection, Opening opening)
      throws IOException {
    try {
      return opening.session();
    } catch (SQLException e) {
      try {
        connection.close();
      } catch (SQLException second) {
        e.addSuppressed(second);
      }
      throw SqlFailures.of(e, "database '" + database + "'");
    }
  }
}
