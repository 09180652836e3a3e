package dev.tapline.source.postgres.activity;

import dev.tapline.source.postgres.connection.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/// Which transactions a server runs: whom we wait for, and who holds the log. What the user may not
/// see of other sessions is left empty.
public final class ServerActivity {
  private static final int WITH_TRANSACTION_NUMBERS = 90_400;

  private ServerActivity() {}

  /// All transactions of the server but the session's own, the oldest first.
  public static List<OpenTransaction> all(Session session) throws SQLException {
    boolean numbers = session.version() >= WITH_TRANSACTION_NUMBERS;
    return session.query(
        """
        WITH locks AS (
          SELECT l.pid, l.locktype, l.virtualtransaction, l.transactionid
          FROM pg_catalog.pg_locks l
          WHERE l.granted AND l.locktype IN ('virtualxid', 'transactionid')
        )
        SELECT '' AS gid, a.pid, coalesce(a.usename, ''), coalesce(a.datname, ''),
               extract(epoch FROM pg_catalog.clock_timestamp() - a.xact_start)::bigint,
               coalesce(a.state, ''), coalesce(a.query, ''),
               %s, %s,
               coalesce((SELECT min(l.virtualtransaction) FROM locks l
                         WHERE l.pid = a.pid AND l.locktype = 'virtualxid'), '')
        FROM pg_catalog.pg_stat_activity a
        WHERE a.pid <> pg_catalog.pg_backend_pid() AND (a.xact_start IS NOT NULL OR %s)
        UNION ALL
        SELECT x.gid, 0, x.owner, x.database,
               extract(epoch FROM pg_catalog.clock_timestamp() - x.prepared)::bigint,
               '', '', x.transaction::text::bigint, x.transaction::text::bigint,
               coalesce((SELECT min(l.virtualtransaction) FROM locks l
                         WHERE l.pid IS NULL AND l.locktype = 'transactionid'
                           AND l.transactionid = x.transaction), '')
        FROM pg_catalog.pg_prepared_xacts x
        ORDER BY 5 DESC NULLS LAST
        """
            .formatted(
                numbers ? "a.backend_xid::text::bigint" : "NULL::bigint",
                numbers ? "a.backend_xmin::text::bigint" : "NULL::bigint",
                numbers ? "a.backend_xid IS NOT NULL OR a.backend_xmin IS NOT NULL" : "false"),
        ServerActivity::transaction);
  }

  private static OpenTransaction transaction(ResultSet row) throws SQLException {
    return new OpenTransaction(
        row.getString(1),
        row.getLong(2),
        row.getString(3),
        row.getString(4),
        number(row, 5),
        row.getString(6),
        row.getString(7),
        number(row, 8),
        number(row, 9),
        row.getString(10));
  }

  private static OptionalLong number(ResultSet row, int column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
  }

  /// Those that have one of these virtual numbers.
  public static List<OpenTransaction> of(Session session, Collection<String> virtual)
      throws SQLException {
    Set<String> wanted = Set.copyOf(virtual);
    return all(session).stream().filter(it -> wanted.contains(it.virtual())).toList();
  }

  /// Those that hold a lock on a table that is stronger than a reader's.
  public static List<OpenTransaction> holding(Session session, long table) throws SQLException {
    return of(
        session,
        session.query(
            """
            SELECT l.virtualtransaction FROM pg_catalog.pg_locks l
            WHERE l.locktype = 'relation' AND l.granted AND l.relation = %d
              AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d
                                WHERE d.datname = pg_catalog.current_database())
              AND l.mode NOT IN ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock')
              AND (l.pid IS NULL OR l.pid <> pg_catalog.pg_backend_pid())
            """
                .formatted(table),
            row -> row.getString(1)));
  }

  /// Who a session of the server waits for now: none if it does not wait for the end of a
  /// transaction.
  ///
  /// @param pid the session that waits
  public static List<OpenTransaction> awaitedBy(Session session, int pid) throws SQLException {
    Set<Long> awaited =
        Set.copyOf(
            session.query(
                """
                SELECT l.transactionid::text::bigint FROM pg_catalog.pg_locks l
                WHERE l.pid = %d AND NOT l.granted AND l.locktype = 'transactionid'
                """
                    .formatted(pid),
                row -> row.getLong(1)));
    return all(session).stream()
        .filter(it -> it.xid().isPresent() && awaited.contains(it.xid().getAsLong()))
        .toList();
  }

  /// Several of them in one text.
  public static String said(List<OpenTransaction> transactions) {
    return transactions.stream().map(OpenTransaction::said).collect(Collectors.joining("; "));
  }
}
