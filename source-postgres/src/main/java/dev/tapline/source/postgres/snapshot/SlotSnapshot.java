package dev.tapline.source.postgres.snapshot;

import dev.tapline.source.postgres.activity.BlockingStatement;
import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.connection.Sessions;
import java.io.IOException;
import java.security.SecureRandom;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A snapshot on a standby of which the server can say which transactions it includes.
///
/// The snapshots that a standby takes for queries do not name the transactions that were running on
/// its primary. Those of logical decoding do: the snapshot of a new slot includes exactly the
/// transactions that end in the log before the slot begins. So a slot is created for as long as it
/// takes to adopt its snapshot.
final class SlotSnapshot {
  private static final Logger LOG = LoggerFactory.getLogger(SlotSnapshot.class);
  private static final int RECEIVE_BUFFER = 64 << 10;
  private static final int SNAPSHOT_NAME = 3;
  private static final SecureRandom RANDOM = new SecureRandom();

  private SlotSnapshot() {}

  /// Begins a transaction that sees one moment and can change nothing. It comes after every
  /// transaction that was running at the call.
  static void begin(Sessions sessions, Session holder)
      throws IOException, SQLException, InterruptedException {
    LOG.info(
        "taking a snapshot of the standby's log; it waits until the primary next notes which transactions run, which SELECT pg_log_standby_snapshot(); has it do at once");
    Session session = sessions.replication(holder.database(), RECEIVE_BUFFER).session();
    try {
      String check = BlockingStatement.clientCheck(session);
      if (!check.isEmpty()) {
        session.execute("SET " + check);
      }
      String snapshot =
          new BlockingStatement(sessions, session, "the snapshot of the standby's log")
              .run(own ->
                  own.query(
                          "CREATE_REPLICATION_SLOT tapline_copy_%016x TEMPORARY LOGICAL pgoutput EXPORT_SNAPSHOT"
                              .formatted(RANDOM.nextLong()),
                          row -> row.getString(SNAPSHOT_NAME))
                      .getFirst());
      holder.beginSnapshot();
      holder.execute("SET TRANSACTION SNAPSHOT '" + snapshot + "'");
    } finally {
      // The slot goes with it; the snapshot is the holder's by now.
      sessions.drop(session);
    }
  }
}
