package dev.tapline.source.postgres.preflight;

import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.sql.Quote;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Checks whether the server writes and sends a log that changes can be read from.
final class ReplicationServerCheck implements Check {
  private static final String SETTINGS =
      """
      SELECT name, setting FROM pg_catalog.pg_settings
      WHERE name IN ('wal_level', 'max_replication_slots', 'max_wal_senders',
                     'rds.logical_replication', 'max_slot_wal_keep_size')
      """;

  @Override
  public List<Finding> run(Session session, List<Stream> streams) throws SQLException {
    if (LogBasedStreams.among(session, streams).isEmpty()) {
      return List.of();
    }
    Map<String, String> settings = new HashMap<>();
    session
        .query(SETTINGS, row -> Map.entry(row.getString(1), row.getString(2)))
        .forEach(entry -> settings.put(entry.getKey(), entry.getValue()));
    List<Finding> findings = new ArrayList<>();
    level(settings, findings);
    slots(session, settings, findings);
    senders(session, settings, findings);
    role(session, settings, findings);
    standby(session, findings);
    if (findings.isEmpty()) {
      findings.add(Finding.ok("log", "the server's log can be read"));
    }
    return findings;
  }

  private static boolean isRds(Map<String, String> settings) {
    return settings.containsKey("rds.logical_replication");
  }

  private static void level(Map<String, String> settings, List<Finding> findings) {
    String level = settings.getOrDefault("wal_level", "");
    if (!level.equals("logical")) {
      findings.add(
          Finding.error(
              "wal_level",
              "it is " + level + ", with which the log does not tell of changes",
              isRds(settings)
                  ? "set rds.logical_replication = 1 in the parameter group and reboot the instance"
                  : "ALTER SYSTEM SET wal_level = logical; and restart the server"));
    }
  }

  private static void slots(Session session, Map<String, String> settings, List<Finding> findings)
      throws SQLException {
    long most = Long.parseLong(settings.getOrDefault("max_replication_slots", "0"));
    long used =
        session
            .query("SELECT count(*) FROM pg_catalog.pg_replication_slots", row -> row.getLong(1))
            .getFirst();
    if (used >= most) {
      findings.add(
          Finding.warning(
              "max_replication_slots",
              "all %d slots are taken; a new one cannot be made".formatted(most),
              isRds(settings)
                  ? "raise max_replication_slots in the parameter group and reboot the instance"
                  : "ALTER SYSTEM SET max_replication_slots = %d; and restart the server"
                      .formatted(most + 10)));
    }
  }

  private static void senders(Session session, Map<String, String> settings, List<Finding> findings)
      throws SQLException {
    long most = Long.parseLong(settings.getOrDefault("max_wal_senders", "0"));
    long used =
        session
            .query("SELECT count(*) FROM pg_catalog.pg_stat_replication", row -> row.getLong(1))
            .getFirst();
    if (used >= most) {
      findings.add(
          Finding.error(
              "max_wal_senders",
              "all %d connections for readers of the log are taken".formatted(most),
              isRds(settings)
                  ? "raise max_wal_senders in the parameter group and reboot the instance"
                  : "ALTER SYSTEM SET max_wal_senders = %d; and restart the server"
                      .formatted(most + 10)));
    }
  }

  private static void role(Session session, Map<String, String> settings, List<Finding> findings)
      throws SQLException {
    boolean allowed =
        session
            .query(
                """
                SELECT r.rolsuper OR r.rolreplication OR EXISTS (
                  SELECT 1 FROM pg_catalog.pg_roles g
                  WHERE g.rolname IN ('rds_replication', 'rds_superuser')
                    AND pg_catalog.pg_has_role(r.oid, g.oid, 'MEMBER'))
                FROM pg_catalog.pg_roles r WHERE r.rolname = current_user
                """,
                row -> row.getBoolean(1))
            .getFirst();
    if (!allowed) {
      String user = Quote.name(session.user());
      findings.add(
          Finding.error(
              "replication",
              "user '%s' may not read the log".formatted(session.user()),
              isRds(settings)
                  ? "GRANT rds_replication TO " + user + ";"
                  : "ALTER ROLE " + user + " REPLICATION;"));
    }
  }

  private static void standby(Session session, List<Finding> findings) throws SQLException {
    if (!session.canDecodeLog()) {
      findings.add(
          Finding.error(
              "standby", "it decodes no log before PostgreSQL 16", "read from its primary"));
    }
  }
}
