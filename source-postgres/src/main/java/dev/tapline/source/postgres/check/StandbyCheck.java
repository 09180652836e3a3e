package dev.tapline.source.postgres.check;

import dev.tapline.source.postgres.connect.Session;
import dev.tapline.spi.Finding;
import dev.tapline.spi.catalog.Stream;
import java.sql.SQLException;
import java.util.List;

/// What it means when the server is a standby.
final class StandbyCheck implements Check {
  private static final int WITH_SNAPSHOT_EXPORT = 100_000;

  @Override
  public List<Finding> run(Session session, List<Stream> streams) throws SQLException {
    boolean standby =
        session.query("SELECT pg_catalog.pg_is_in_recovery()", row -> row.getBoolean(1)).getFirst();
    if (!standby) {
      return List.of();
    }
    if (session.version() < WITH_SNAPSHOT_EXPORT) {
      return List.of(
          Finding.error(
              "standby",
              "the server is a standby of PostgreSQL 9, which cannot share a snapshot",
              "read from its primary"));
    }
    String delay =
        session.query("SHOW max_standby_streaming_delay", row -> row.getString(1)).getFirst();
    String feedback =
        session.query("SHOW hot_standby_feedback", row -> row.getString(1)).getFirst();
    return feedback.equals("on")
        ? List.of(Finding.ok("standby", "the server is a standby with hot_standby_feedback"))
        : List.of(
            Finding.warning(
                "standby",
                "the server is a standby that cancels queries which hold up its replication for"
                    + " longer than max_standby_streaming_delay = "
                    + delay,
                "ALTER SYSTEM SET hot_standby_feedback = on; on the standby"));
  }
}
