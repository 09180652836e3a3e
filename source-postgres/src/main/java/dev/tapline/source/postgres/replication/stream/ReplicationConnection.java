package dev.tapline.source.postgres.replication.stream;

import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.connection.Sessions;
import dev.tapline.source.postgres.connection.socket.ReplicationSocket;
import dev.tapline.source.postgres.replication.facts.ServerComparison;
import dev.tapline.source.postgres.replication.facts.ServerIdentity;
import dev.tapline.source.postgres.replication.position.LogPosition;
import dev.tapline.source.postgres.replication.position.Lsn;
import dev.tapline.source.postgres.replication.slot.ReplicationProtocol;
import dev.tapline.source.postgres.sql.SqlFailures;
import dev.tapline.spi.TransientException;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.catalog.Temporals;
import dev.tapline.spi.thread.Threads;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyDual;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running `START_REPLICATION`: messages come in, status updates go out.
///
/// A thread of its own sends regular status updates, so that a slow sink does not cost the
/// connection. The driver's own lock keeps its writes and those of the reader apart. One thread
/// reads; any thread may call [#close()].
public final class ReplicationConnection implements ReadAhead.Messages, Closeable {
  /// What the operating system keeps of what the server sends ahead. When it is full, the server
  /// gathers many changes for one packet, which saves most of its work.
  public static final int RECEIVE_BUFFER = 256 << 10;

  private static final Logger LOG = LoggerFactory.getLogger(ReplicationConnection.class);
  private static final Duration MAX_BETWEEN_STATUS = Duration.ofSeconds(10);
  private static final long MIN_BETWEEN_STATUS_MILLIS = 100;
  private static final int MAX_WAIT_MILLIS = 60_000;
  private static final int STATUS_LENGTH = 34;
  private static final int VERSION_WITH_SHOW = 100_000;

  private final Sessions sessions;
  private final Session session;
  private final String subject;
  private final CopyDual copy;
  private final ReplicationSocket socket;
  private final Thread keeper;
  private final ServerIdentity server;
  private volatile long received;

  // 0 until something was confirmed: the server then keeps its slot where it is.
  private volatile long confirmed;
  private volatile @Nullable SQLException lost;
  private volatile boolean closed;

  private ReplicationConnection(
      Sessions sessions,
      Sessions.Replication replication,
      String subject,
      CopyDual copy,
      long start,
      Duration interval,
      ServerIdentity server) {
    this.server = server;
    this.sessions = sessions;
    this.session = replication.session();
    this.socket = replication.socket();
    this.subject = subject;
    this.copy = copy;
    this.received = start;
    this.keeper = Threads.virtual("log-status", () -> keep(interval));
  }

  /// What is to be read.
  ///
  /// @param database the database whose log is read
  /// @param slot the slot's name
  /// @param from the server sends every transaction whose commit record begins at or behind it
  /// @param options of the output plug-in, as in `(proto_version '1')`
  /// @param asStored whether texts come as they are stored, not converted
  /// @param positions where the streams that are read were left
  public record Start(
      String database,
      String slot,
      long from,
      String options,
      boolean asStored,
      Map<StreamName, LogPosition> positions) {}

  /// Begins to read.
  ///
  /// @throws SlotBusyException if another consumer reads the slot
  /// @throws TransientException if it is worth trying again
  public static ReplicationConnection open(Sessions sessions, Start start) throws IOException {
    Sessions.Replication replication = sessions.replication(start.database(), RECEIVE_BUFFER);
    Session session = replication.session();
    String subject = "slot '" + start.slot() + "'";
    try {
      // A connection that is made anew may lead to a server that has gone back, or to another one.
      ServerIdentity server = ServerIdentity.read(session);
      ServerComparison.require(session, server, start.positions());
      Duration interval = interval(session);
      if (start.asStored()) {
        session.takeTextsAsStored();
      }
      CopyDual copy =
          session
              .copy()
              .copyDual(
                  "START_REPLICATION SLOT \"%s\" LOGICAL %s %s"
                      .formatted(start.slot(), Lsn.text(start.from()), start.options()));
      ReplicationConnection connection =
          new ReplicationConnection(
              sessions, replication, subject, copy, start.from(), interval, server);
      connection.keeper.start();
      return connection;
    } catch (SQLException e) {
      sessions.drop(session);
      throw SlotBusyException.isBusy(e)
          ? new SlotBusyException(subject + ": " + SqlFailures.said(e), e)
          : ReplicationProtocol.failure(e, subject);
    } catch (IOException | RuntimeException e) {
      sessions.drop(session);
      throw e;
    }
  }

  /// The server at the other end.
  ServerIdentity server() {
    return server;
  }

  // Often enough for the server's limit of patience.
  private static Duration interval(Session session) throws SQLException {
    if (session.version() < VERSION_WITH_SHOW) {
      return MAX_BETWEEN_STATUS;
    }
    List<Long> limit =
        session.query(
            "SELECT setting FROM pg_catalog.pg_settings WHERE name = 'wal_sender_timeout'",
            row -> row.getLong(1));
    long millis = limit.isEmpty() || limit.getFirst() == 0 ? Long.MAX_VALUE : limit.getFirst() / 4;
    return Duration.ofMillis(
        Math.max(MIN_BETWEEN_STATUS_MILLIS, Math.min(millis, MAX_BETWEEN_STATUS.toMillis())));
  }

  /// The next message, if one has come: its first byte says what it is.
  ///
  /// @throws TransientException if the connection is lost
  @Override
  public byte @Nullable [] read() throws IOException {
    @Nullable SQLException failure = lost;
    if (failure != null) {
      throw explain(failure);
    }
    try {
      byte[] message = copy.readFromCopy(false);
      if (message == null && copy.isActive() && socket.isReadable()) {
        // Under TLS the driver cannot see what has come.
        message = copy.readFromCopy(true);
      }
      if (message == null && !copy.isActive()) {
        throw new TransientException(subject + ": the server ended the stream of changes", null);
      }
      return message;
    } catch (SQLException e) {
      throw explain(e);
    } catch (SocketException e) {
      throw explain(e);
    }
  }

  /// Whether all that had come was read, so that what comes from now on comes in small pieces; true
  /// once each time.
  @Override
  public boolean wasEmptied() {
    return socket.wasEmptied();
  }

  /// Waits until something has come.
  ///
  /// @param nanos how long at the most
  @Override
  public void await(long nanos) throws IOException {
    try {
      socket.await(Math.clamp(nanos / 1_000_000, 1, MAX_WAIT_MILLIS));
    } catch (SocketException e) {
      throw explain(e);
    }
  }

  private IOException explain(SocketException failure) {
    String message = subject + ": the connection was lost (" + failure.getMessage() + ")";
    return closed
        ? new IOException(subject + ": the read was closed", failure)
        : new TransientException(message, failure);
  }

  private IOException explain(SQLException failure) {
    return closed
        ? new IOException(subject + ": the read was closed", failure)
        : SqlFailures.besideTables(failure, subject);
  }

  /// Records how far the log was read.
  public void received(long lsn) {
    received = lsn;
  }

  /// Confirms to the server that everything before `lsn` is safe, so that the slot can advance.
  public void confirm(long lsn) throws IOException {
    if (Lsn.isBefore(confirmed, lsn)) {
      confirmed = lsn;
      sendStatus(false);
    }
  }

  /// Sends a status update.
  ///
  /// @param requestReply whether the server should reply at once
  public void sendStatus(boolean requestReply) throws IOException {
    try {
      send(requestReply);
    } catch (SQLException e) {
      throw explain(e);
    }
  }

  private void send(boolean requestReply) throws SQLException {
    ByteBuffer status = ByteBuffer.allocate(STATUS_LENGTH);
    long safe = confirmed;
    status.put((byte) 'r').putLong(Lsn.max(received, safe)).putLong(safe).putLong(safe);
    status.putLong(Temporals.micros(Instant.now())).put((byte) (requestReply ? 1 : 0));
    try {
      if (copy.isActive()) {
        copy.writeToCopy(status.array(), 0, STATUS_LENGTH);
        copy.flushCopy();
      }
    } catch (SQLException e) {
      // Whoever reads is told what has ended it; the driver says here only that it has.
      if (copy.isActive()) {
        throw e;
      }
    }
  }

  private void keep(Duration interval) throws InterruptedException {
    try {
      while (!closed) {
        Thread.sleep(interval);
        send(false);
      }
    } catch (SQLException e) {
      LOG.debug("{}: the connection is lost", subject, e);
      lost = e;
    }
  }

  /// Ends the connection; the server lets go of the slot when it notices.
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    keeper.interrupt();
    sessions.drop(session);
  }
}
