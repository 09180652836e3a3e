package dev.tapline.source.postgres.replication.slot;

import dev.tapline.source.postgres.activity.BlockingStatement;
import dev.tapline.source.postgres.catalog.Table;
import dev.tapline.source.postgres.config.ReplicationConfig;
import dev.tapline.source.postgres.config.ReplicationConfig.Plugin;
import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.connection.Sessions;
import dev.tapline.source.postgres.replication.publication.Publications;
import dev.tapline.source.postgres.sql.SqlFailures;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Collection;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Creates the slot of a database.
public final class SlotCreator {
  private static final Logger LOG = LoggerFactory.getLogger(SlotCreator.class);
  private static final int WITH_PGOUTPUT = 100_000;

  private final Session session;
  private final ReplicationConfig config;
  private final ReplicationSlot slot;

  /// @param session a session with the database
  /// @param config what the descriptor says
  /// @param slot the missing slot
  public SlotCreator(Session session, ReplicationConfig config, ReplicationSlot slot) {
    this.session = session;
    this.config = config;
    this.slot = slot;
  }

  /// The plug-in for a new slot: pgoutput, which every server has from 10 on, if the tables are
  /// published or the user may publish them.
  public Plugin choose(Collection<Table> tables) throws SQLException {
    if (config.plugin() != Plugin.AUTO) {
      return config.plugin();
    }
    boolean published =
        session.version() >= WITH_PGOUTPUT
            && (config.publication().isPresent() || isPublished() || mayPublish(tables));
    return published ? Plugin.PGOUTPUT : Plugin.WAL2JSON;
  }

  private boolean isPublished() throws SQLException {
    return !new Publications(session, config.publicationOf(session.database()), false)
        .names()
        .isEmpty();
  }

  private boolean mayPublish(Collection<Table> tables) throws SQLException {
    String oids =
        tables.stream()
            .map(table -> String.valueOf(table.facts().oid()))
            .collect(Collectors.joining(","));
    return config.createPublication()
        && session
            .query(
                """
                SELECT pg_catalog.has_database_privilege(current_database(), 'CREATE')
                  AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_class c WHERE c.oid = ANY ('{%s}')
                                  AND NOT pg_catalog.pg_has_role(c.relowner, 'USAGE'))
                """
                    .formatted(oids),
                row -> row.getBoolean(1))
            .getFirst();
  }

  /// Creates it, which takes until every transaction that is writing now has ended.
  ///
  /// @param sessions for questions about whom it waits for
  /// @throws InterruptedException if the thread was interrupted: the slot is then not created
  /// @throws IOException if it must not or cannot be created, with the remedy
  public void create(Plugin plugin, Sessions sessions) throws IOException, InterruptedException {
    String statement =
        "SELECT pg_create_logical_replication_slot('%s', '%s');"
            .formatted(slot.name(), plugin.word());
    if (!config.createSlot()) {
      throw new IOException(
          "slot '%s' is missing and create-slot is false; %s".formatted(slot.name(), statement));
    }
    // What cannot be read must not be left behind.
    ReplicationProtocol.require(sessions, session.database());
    try {
      LOG.info(
          "making slot '{}' of {}; the server waits for transactions that are writing now{}",
          slot.name(),
          plugin.word(),
          session.isOnStandby()
              ? ", and until its primary next notes which transactions run, which SELECT pg_log_standby_snapshot(); has it do at once"
              : "");
      new BlockingStatement(sessions, session, "making slot '" + slot.name() + "'")
          .run(own -> {
            new Slots(own).create(slot.name(), plugin.word(), config.failover());
            return slot.name();
          });
    } catch (SQLException e) {
      throw explain(e, plugin, statement);
    }
  }

  private IOException explain(SQLException failure, Plugin plugin, String statement) {
    String said = SqlFailures.said(failure);
    String subject = "slot '" + slot.name() + "'";
    String state = failure.getSQLState() == null ? "" : failure.getSQLState();
    return switch (state) {
      case "42501" ->
          new IOException(
              "%s: user '%s' may not make it (%s); ALTER ROLE \"%s\" REPLICATION; or on Amazon RDS: GRANT rds_replication TO \"%s\"; or have an administrator run %s"
                  .formatted(
                      subject, session.user(), said, session.user(), session.user(), statement),
              failure);
      case "53400" ->
          new IOException(
              "%s: the server has no slot left (%s); ALTER SYSTEM SET max_replication_slots = 20; and restart it, or drop one that nobody reads"
                  .formatted(subject, said),
              failure);
      case "58P01", "42704", "22023", "42P17" ->
          new IOException(
              "%s: the server cannot use the output plug-in '%s' (%s)%s"
                  .formatted(
                      subject,
                      plugin.word(),
                      said,
                      plugin == Plugin.WAL2JSON
                          ? "; install it, or let the user publish the tables for pgoutput"
                          : ""),
              failure);
      default ->
          state.equals("55000")
                  && SqlFailures.routine(failure).equals("CheckLogicalDecodingRequirements")
              ? new IOException(
                  "%s: the server does not write enough into its log (%s); ALTER SYSTEM SET wal_level = logical; and restart it, or on Amazon RDS set rds.logical_replication = 1 in the parameter group and reboot"
                      .formatted(subject, said),
                  failure)
              : SqlFailures.of(failure, subject);
    };
  }
}
