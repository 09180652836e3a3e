package dev.tapline.source.postgres.replication.slot;

import dev.tapline.source.postgres.activity.OpenTransaction;
import dev.tapline.source.postgres.activity.ServerActivity;
import dev.tapline.source.postgres.activity.TransactionWait;
import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.replication.position.Lsn;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A slot that existed before its publication, such as one created by an administrator. Before
/// PostgreSQL 18, pgoutput fails at the first change that is older than the publication. So the log
/// is read from behind all such changes, wherever the slot stands.
public final class SlotOlderThanPublication {
  private static final Logger LOG = LoggerFactory.getLogger(SlotOlderThanPublication.class);
  private static final int VERSION_WITH_SNAPSHOT_NAME = 130_000;

  private final Session session;
  private final String slot;

  public SlotOlderThanPublication(Session session, String slot) {
    this.session = session;
    this.slot = slot;
  }

  /// A position in the log behind all changes that were made before now. Every commit before it is
  /// visible to later snapshots.
  public long behindAll() throws SQLException, InterruptedException {
    awaitEndOfAll();
    long position = new Slots(session).insertEnd();
    // A commit comes into the log before snapshots see it: with synchronous standbys, long before.
    awaitEndOfAll();
    return position;
  }

  /// The position from which the log is read in any case, once every commit before it is visible to
  /// later snapshots.
  public long behind(Collection<Long> positions) throws SQLException, InterruptedException {
    awaitEndOfAll();
    return positions.stream().reduce(Lsn::min).orElseThrow();
  }

  private void awaitEndOfAll() throws SQLException, InterruptedException {
    long next = ask("xmax");
    TransactionWait.until(
        () -> ask("xmin") >= next,
        () -> {
          List<OpenTransaction> open =
              ServerActivity.all(session).stream().filter(one -> isBefore(one, next)).toList();
          LOG.warn(
              "slot '{}' was made before its publication; waiting for the transactions that were writing then: {}; {}",
              slot,
              ServerActivity.said(open),
              open.isEmpty() ? "" : open.getFirst().remedy());
        });
  }

  // The numbers of transactions go round, and the catalog has their lower half.
  private static boolean isBefore(OpenTransaction one, long next) {
    return one.xid().isPresent() && (int) (one.xid().getAsLong() - next) < 0;
  }

  private long ask(String bound) throws SQLException {
    String query =
        session.version() >= VERSION_WITH_SNAPSHOT_NAME
            ? "SELECT pg_catalog.pg_snapshot_%s(pg_catalog.pg_current_snapshot())::text"
            : "SELECT pg_catalog.txid_snapshot_%s(pg_catalog.txid_current_snapshot())::text";
    return Long.parseLong(
        session.query(query.formatted(bound), row -> row.getString(1)).getFirst());
  }
}
