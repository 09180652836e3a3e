package dev.tapline.source.postgres.replication.slot;

import dev.tapline.source.postgres.activity.BlockingStatement;
import dev.tapline.source.postgres.activity.TransactionWait;
import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.replication.position.Lsn;
import dev.tapline.source.postgres.sql.Quote;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The replication slots of a server, of any version from 9.4 on.
public final class Slots {
  private static final int WITH_ACTIVE_PID = 90_500;
  private static final int WITH_CONFIRMED = 90_600;
  private static final int WITH_WAL_NAMES = 100_000;
  private static final int WITH_WAL_STATUS = 130_000;
  private static final int WITH_CONFLICTING = 160_000;
  private static final int WITH_FAILOVER = 170_000;

  private static final long PAGE = 8_192;
  private static final long MAX_HEADER = 40;
  private static final Logger LOG = LoggerFactory.getLogger(Slots.class);

  private final Session session;

  /// @param session a session with any database of the server
  public Slots(Session session) {
    this.session = session;
  }

  /// All logical and physical slots, by name.
  public List<SlotState> all() throws SQLException {
    return session.query(query("true"), Slots::facts);
  }

  /// The slot of a name.
  public Optional<SlotState> find(String name) throws SQLException {
    return session.query(query("slot_name = " + Quote.text(name)), Slots::facts).stream()
        .findFirst();
  }

  /// Creates a slot for the session's database. Waits until every transaction that is writing now
  /// has ended.
  ///
  /// @param failover whether standbys get it too (PostgreSQL 17 and later)
  public void create(String name, String plugin, boolean failover) throws SQLException {
    String more = failover && session.version() >= WITH_FAILOVER ? ", false, false, true" : "";
    String check = BlockingStatement.clientCheck(session);
    session.execute("BEGIN" + (check.isEmpty() ? "" : "; SET LOCAL " + check));
    session.execute(
        "SELECT pg_catalog.pg_create_logical_replication_slot(%s, %s%s)"
            .formatted(Quote.text(name), Quote.text(plugin), more));
    session.execute("COMMIT");
  }

  /// Removes a slot.
  public void drop(String name) throws SQLException {
    session.execute("SELECT pg_catalog.pg_drop_replication_slot(" + Quote.text(name) + ")");
  }

  /// The end of the log as far as it can be read now.
  public long end() throws SQLException {
    String primary =
        session.version() >= WITH_WAL_NAMES
            ? "pg_catalog.pg_current_wal_flush_lsn()"
            : session.version() >= WITH_CONFIRMED
                ? "pg_catalog.pg_current_xlog_flush_location()"
                : "pg_catalog.pg_current_xlog_location()";
    return lsn(either(primary));
  }

  /// The end of the log as far as anything is written, flushed or not.
  public long insertEnd() throws SQLException {
    return lsn(
        either(
            session.version() >= WITH_WAL_NAMES
                ? "pg_catalog.pg_current_wal_insert_lsn()"
                : "pg_catalog.pg_current_xlog_insert_location()"));
  }

  /// Waits until all that is written is flushed, so that no crash of the server takes it back, and
  /// returns the end of that: commits in the log are visible before they are flushed where
  /// `synchronous_commit` is off.
  public long awaitFlushOfAll() throws SQLException, InterruptedException {
    long position = insertEnd();
    // What stands behind the header of a page that nothing is written to yet: no record is there.
    long written = position % PAGE <= MAX_HEADER ? position - position % PAGE : position;
    if (!session.isOnStandby()) {
      TransactionWait.until(
          () -> !Lsn.isBefore(end(), written),
          () ->
              LOG.info("waiting until the server has flushed its log up to {}", Lsn.text(written)));
    }
    return written;
  }

  private long lsn(String expression) throws SQLException {
    return Lsn.parse(
        session.query("SELECT " + expression + "::text", row -> row.getString(1)).getFirst());
  }

  // A standby writes no log of its own and reads what it has replayed.
  private String either(String primary) {
    return "CASE WHEN pg_catalog.pg_is_in_recovery() THEN %s ELSE %s END"
        .formatted(
            session.version() >= WITH_WAL_NAMES
                ? "pg_catalog.pg_last_wal_replay_lsn()"
                : "pg_catalog.pg_last_xlog_replay_location()",
            primary);
  }

  private String query(String condition) {
    int version = session.version();
    return """
    SELECT slot_name, coalesce(plugin, ''), coalesce(database, ''),
           %s, %s::text, %s(%s, restart_lsn), %s, %s, %s
    FROM pg_catalog.pg_replication_slots
    WHERE %s
    ORDER BY slot_name
    """
        .formatted(
            version >= WITH_ACTIVE_PID ? "active_pid" : "CASE WHEN active THEN 0 END",
            version >= WITH_CONFIRMED ? "confirmed_flush_lsn" : "restart_lsn",
            version >= WITH_WAL_NAMES
                ? "pg_catalog.pg_wal_lsn_diff"
                : "pg_catalog.pg_xlog_location_diff",
            either(
                version >= WITH_WAL_NAMES
                    ? "pg_catalog.pg_current_wal_lsn()"
                    : "pg_catalog.pg_current_xlog_location()"),
            version >= WITH_WAL_STATUS ? "coalesce(wal_status, '')" : "''",
            invalidation(version),
            version >= WITH_CONFIRMED
                ? "%s(confirmed_flush_lsn, restart_lsn)"
                    .formatted(
                        version >= WITH_WAL_NAMES
                            ? "pg_catalog.pg_wal_lsn_diff"
                            : "pg_catalog.pg_xlog_location_diff")
                : "NULL",
            condition);
  }

  private static String invalidation(int version) {
    if (version >= WITH_FAILOVER) {
      return "coalesce(invalidation_reason, '')";
    }
    return version >= WITH_CONFLICTING
        ? "CASE WHEN conflicting THEN 'it conflicts with recovery' ELSE '' END"
        : "''";
  }

  private static SlotState facts(ResultSet row) throws SQLException {
    @Nullable String confirmed = row.getString(5);
    return new SlotState(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        number(row, 4),
        confirmed == null ? OptionalLong.empty() : OptionalLong.of(Lsn.parse(confirmed)),
        number(row, 9),
        number(row, 6),
        row.getString(7),
        row.getString(8));
  }

  private static OptionalLong number(ResultSet row, int column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
  }
}
