package dev.tapline.source.postgres.snapshot;

import dev.tapline.source.postgres.catalog.CatalogReader;
import dev.tapline.source.postgres.catalog.Table;
import dev.tapline.source.postgres.connection.Closer;
import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.connection.Sessions;
import dev.tapline.source.postgres.sql.SqlFailures;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.source.Snapshot;
import dev.tapline.spi.thread.Threads;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One exported snapshot in each database of the streams, held open by a transaction of its own.
/// Each connection is queried now and then, so that no firewall takes it for dead.
public final class PostgresSnapshot implements Snapshot {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresSnapshot.class);
  private static final long MILLIS_BETWEEN_QUESTIONS = 30_000;
  private static final int SECONDS_TO_ANSWER = 10;
  private static final int VERSION_WITH_EXPORT_ON_STANDBY = 100_000;

  /// Between the name of a snapshot and the server that has it.
  static final String ON_SERVER = " on ";

  private final Sessions sessions;
  private final List<Stream> streams;
  private final List<Session> holders = new ArrayList<>();
  private final Map<String, Moment> moments = new HashMap<>();
  private final Map<String, SnapshotSession> lookSessions = new HashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Thread keeper;
  private final Map<Class<?>, Object> derived = new HashMap<>();
  private boolean closed;

  /// What was fixed in one database.
  ///
  /// @param id the exported snapshot, and the server that has it
  /// @param version the server's
  /// @param tables the streams' tables as of then
  /// @param beneath the numbers of the tables that each view reads, by the view's number
  record Moment(
      String id, int version, Map<StreamName, Table> tables, Map<Long, List<Long>> beneath) {}

  private PostgresSnapshot(Sessions sessions, Collection<Stream> streams) {
    this.sessions = sessions;
    this.streams = List.copyOf(streams);
    this.keeper = Threads.virtual("snapshot-keeper", this::keep);
  }

  /// Fixes the moment.
  ///
  /// @param meetsLog in which databases it must be known which transactions the snapshot has seen
  public static PostgresSnapshot open(
      Sessions sessions, Collection<Stream> streams, Predicate<String> meetsLog)
      throws IOException, InterruptedException {
    Map<String, List<StreamName>> byDatabase = new TreeMap<>();
    streams.forEach(stream ->
        byDatabase
            .computeIfAbsent(stream.name().database(), name -> new ArrayList<>())
            .add(stream.name()));
    PostgresSnapshot snapshot = new PostgresSnapshot(sessions, streams);
    try {
      for (Map.Entry<String, List<StreamName>> entry : byDatabase.entrySet()) {
        snapshot.fix(entry.getKey(), entry.getValue(), meetsLog.test(entry.getKey()));
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      Closer.after(e, snapshot);
      throw e;
    }
    snapshot.keeper.start();
    return snapshot;
  }

  private void fix(String database, List<StreamName> names, boolean meetsLog)
      throws IOException, InterruptedException {
    Session session = sessions.borrow(database);
    holders.add(session);
    try {
      boolean standby = session.isOnStandby();
      if (standby && session.version() < VERSION_WITH_EXPORT_ON_STANDBY) {
        throw new IOException(
            "database '%s' is on a standby of PostgreSQL 9, which cannot share a snapshot; read from its primary"
                .formatted(database));
      }
      if (standby && meetsLog) {
        SlotSnapshot.begin(sessions, session);
      } else {
        session.beginSnapshot();
      }
      String id =
          session
                  .query("SELECT pg_catalog.pg_export_snapshot()", row -> row.getString(1))
                  .getFirst()
              + ON_SERVER
              + session.server();
      Map<StreamName, Table> tables = CatalogReader.readSome(session, names);
      moments.put(
          database,
          new Moment(id, session.version(), tables, ViewTables.of(session, tables.values())));
    } catch (SQLException e) {
      throw SqlFailures.of(e, "database '" + database + "'");
    }
  }

  /// The streams that the snapshot was opened for.
  public List<Stream> streams() {
    return streams;
  }

  /// A value derived from the snapshot, which is kept as long as the snapshot.
  ///
  /// @param type its class, of which there is one instance for each snapshot
  /// @param create creates it on first use
  public <T> T derived(Class<T> type, Function<PostgresSnapshot, T> create) {
    lock.lock();
    try {
      @Nullable Object known = derived.get(type);
      T value = known == null ? create.apply(this) : type.cast(known);
      derived.put(type, value);
      return value;
    } finally {
      lock.unlock();
    }
  }

  /// A query in a session that sees the snapshot.
  ///
  /// @param <T> class of what is found
  @FunctionalInterface
  public interface Look<T> {
    T with(SnapshotSession session) throws IOException;
  }

  /// Queries what the snapshot sees. A query that fails leaves the snapshot as it is.
  public <T> T look(String database, Look<T> look) throws IOException {
    return look.with(lookSessions.computeIfAbsent(database, this::session));
  }

  /// A session that sees what the snapshot sees in a database.
  public SnapshotSession session(String database) {
    Moment moment =
        moment(database)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "the snapshot was not opened for database " + database));
    return new SnapshotSession(sessions, database, moment.id());
  }

  /// What was fixed in a database, if a stream of it was among those at opening.
  Optional<Moment> moment(String database) {
    return Optional.ofNullable(moments.get(database));
  }

  /// The table of a stream as the snapshot sees it.
  public Optional<Table> table(StreamName name) {
    return moment(name.database()).map(moment -> moment.tables().get(name));
  }

  /// A query in the transaction that holds the snapshot of a database.
  ///
  /// @param <T> class of the answer
  @FunctionalInterface
  public interface Question<T> {
    T ask(Session session) throws SQLException;
  }

  /// Asks something in the transaction that holds the snapshot of a database.
  ///
  /// @throws dev.tapline.spi.TransientException if the snapshot is gone, with its connection
  public <T> T ask(String database, Question<T> question) throws IOException {
    lock.lock();
    try {
      for (Session holder : holders) {
        if (holder.database().equals(database)) {
          return question.ask(holder);
        }
      }
      throw new IllegalArgumentException("the snapshot was not opened for database " + database);
    } catch (SQLException e) {
      throw SqlFailures.of(e, "the snapshot of database '" + database + "'");
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isOpen() {
    lock.lock();
    try {
      return !closed && everyHolderAnswers();
    } finally {
      lock.unlock();
    }
  }

  private boolean everyHolderAnswers() {
    for (Session holder : holders) {
      try {
        if (!holder.answers(SECONDS_TO_ANSWER)) {
          return false;
        }
      } catch (SQLException e) {
        LOG.debug("the snapshot of database '{}' is lost", holder.database(), e);
        return false;
      }
    }
    return true;
  }

  private void keep() throws InterruptedException {
    boolean open = true;
    while (open) {
      Thread.sleep(MILLIS_BETWEEN_QUESTIONS);
      open = isOpen();
    }
  }

  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
    } finally {
      lock.unlock();
    }
    keeper.interrupt();
    Closer closer = new Closer();
    lookSessions.values().forEach(closer::close);
    holders.forEach(holder -> closer.close(() -> release(holder)));
    closer.end();
  }

  private void release(Session holder) throws IOException {
    try {
      holder.rollback();
      sessions.giveBack(holder);
    } catch (SQLException e) {
      // A holder that is lost holds nothing any more: there is nothing to let go of.
      LOG.debug("the snapshot of database '{}' was lost before", holder.database(), e);
      sessions.drop(holder);
    }
  }
}
