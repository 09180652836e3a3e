package dev.tapline.source.postgres.preflight;

import dev.tapline.source.postgres.connection.Session;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Reports what it means that the server is a standby: it cancels queries that conflict with what
/// its primary did.
final class StandbyCheck implements Check {
  private static final int WITH_SNAPSHOT_EXPORT = 100_000;
  private static final long SHORT = 300_000;

  @Override
  public List<Finding> run(Session session, List<Stream> streams) throws SQLException {
    if (!session.isOnStandby()) {
      return List.of();
    }
    if (session.version() < WITH_SNAPSHOT_EXPORT) {
      return List.of(
          Finding.error(
              "standby",
              "the server is a standby of PostgreSQL 9, which cannot share a snapshot",
              "read from its primary"));
    }
    boolean rds = AmazonRds.is(session);
    List<Finding> findings = new ArrayList<>();
    boolean feedback =
        session
            .query(
                "SELECT pg_catalog.current_setting('hot_standby_feedback')",
                row -> row.getString(1))
            .getFirst()
            .equals("on");
    findings.add(
        feedback
            ? Finding.ok(
                "standby",
                "the server is a standby with hot_standby_feedback, so that its primary keeps the rows that a scan still sees")
            : Finding.warning(
                "standby",
                "hot_standby_feedback is off: what VACUUM removes on the primary ends the scans that still see it, and they begin anew",
                rds
                    ? AmazonRds.set("hot_standby_feedback", "1")
                    : "ALTER SYSTEM SET hot_standby_feedback = on; SELECT pg_reload_conf(); on the standby"));
    for (String setting : List.of("max_standby_streaming_delay", "max_standby_archive_delay")) {
      findings.add(delay(session, setting, feedback, rds));
    }
    return findings;
  }

  // In milliseconds; -1 stands for no limit.
  private static Finding delay(Session session, String setting, boolean feedback, boolean rds)
      throws SQLException {
    long millis =
        session
            .query(
                "SELECT setting FROM pg_catalog.pg_settings WHERE name = '" + setting + "'",
                row -> row.getLong(1))
            .getFirst();
    String shown =
        session
            .query("SELECT pg_catalog.current_setting('" + setting + "')", row -> row.getString(1))
            .getFirst();
    if (millis < 0) {
      return Finding.ok(
          "standby", setting + " = -1: replication waits for as long as a scan takes");
    }
    if (feedback || millis >= SHORT) {
      return Finding.ok(
          "standby",
          "%s = %s: replication waits so long for a scan that is in its way"
              .formatted(setting, shown));
    }
    return Finding.warning(
        "standby",
        "%s = %s: a scan that is in the way of replication for longer is ended"
            .formatted(setting, shown),
        rds
            ? AmazonRds.set(setting, "1800000")
            : "ALTER SYSTEM SET %s = '30min'; SELECT pg_reload_conf(); on the standby"
                .formatted(setting));
  }
}
