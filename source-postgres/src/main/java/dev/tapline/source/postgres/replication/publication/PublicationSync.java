package dev.tapline.source.postgres.replication.publication;

import dev.tapline.source.postgres.activity.OpenTransaction;
import dev.tapline.source.postgres.activity.ServerActivity;
import dev.tapline.source.postgres.catalog.Table;
import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.sql.SqlFailures;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings our publications in step with the tables: all together or, where the server refuses that,
/// table by table, so that only the refused ones are left out.
final class PublicationSync {
  private static final Logger LOG = LoggerFactory.getLogger(PublicationSync.class);
  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final String INSUFFICIENT_PRIVILEGE = "42501";
  private static final String UNDEFINED_TABLE = "42P01";
  private static final long PATIENCE = 10_000_000_000L;

  private final Session session;
  private final Publications publications;

  PublicationSync(Session session, Publications publications) {
    this.session = session;
    this.publications = publications;
  }

  /// @param kept others, which stay as they are
  /// @return the tables that are refused, with the reason
  /// @throws IOException if nothing can be published at all
  Map<Table, String> run(Collection<Table> tables, Collection<Table> kept)
      throws SQLException, IOException {
    List<PublicationTables> memberships = publications.memberships(tables, kept);
    List<String> changes = PublicationTables.changes(memberships);
    try {
      for (String change : changes) {
        transaction(change);
      }
      return Map.of();
    } catch (SQLException e) {
      session.rollback();
      LOG.debug("the tables cannot be published together, so each is published alone", e);
    }
    try {
      // Some of it may have been done.
      for (String creation : PublicationTables.creations(publications.memberships(tables, kept))) {
        transaction(creation);
      }
    } catch (SQLException e) {
      session.rollback();
      if (!INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
        throw e;
      }
      throw new IOException(
          "user '%s' may not publish the tables (%s); have their owner run this: %s"
              .formatted(session.user(), SqlFailures.said(e), String.join(" ", changes)),
          e);
    }
    Map<Table, String> refused = oneByOne(tables);
    List<Table> left = new ArrayList<>(kept);
    left.addAll(refused.keySet());
    takeOut(tables.stream().filter(table -> !refused.containsKey(table)).toList(), left);
    return refused;
  }

  private void transaction(String statements) throws SQLException {
    publications.changed();
    session.execute("BEGIN READ WRITE");
    // An ALTER waits for whoever has the table locked; it is tried again instead.
    session.execute("SET LOCAL lock_timeout = '5s'");
    session.execute(statements);
    session.execute("COMMIT");
  }

  private Map<Table, String> oneByOne(Collection<Table> tables) throws SQLException {
    long deadline = System.nanoTime() + PATIENCE;
    Map<Table, String> refused = new LinkedHashMap<>();
    List<Table> left = new ArrayList<>(tables);
    while (!left.isEmpty()) {
      List<Table> locked = new ArrayList<>();
      Map<Table, List<PublicationTables>> memberships = publications.membershipsOfEach(left);
      for (Table table : left) {
        try {
          for (String step :
              PublicationTables.gradually(memberships.getOrDefault(table, List.of()))) {
            transaction(step);
          }
        } catch (SQLException e) {
          session.rollback();
          if (LOCK_NOT_AVAILABLE.equals(e.getSQLState()) && System.nanoTime() < deadline) {
            locked.add(table);
          } else {
            refused.put(table, reason(table, e));
          }
        }
      }
      left = locked;
    }
    return refused;
  }

  private String reason(Table table, SQLException e) throws SQLException {
    String said = SqlFailures.said(e);
    return switch (e.getSQLState() == null ? "" : e.getSQLState()) {
      case LOCK_NOT_AVAILABLE -> {
        List<OpenTransaction> holders = new ArrayList<>();
        for (Table member : table.withDescendants()) {
          holders.addAll(ServerActivity.holding(session, member.facts().oid()));
        }
        yield "it cannot be published, as another session holds a lock on it (%s)%s; run again once it is free"
            .formatted(
                said,
                holders.isEmpty()
                    ? ""
                    : ": " + ServerActivity.said(holders) + "; " + holders.getFirst().remedy());
      }
      case UNDEFINED_TABLE ->
          "it was dropped or renamed while it was published (%s); run again with the tables that there are now"
              .formatted(said);
      default ->
          "the server refuses to publish it (%s); give it method: FULL_TABLE, or take it out of streams"
              .formatted(said);
    };
  }

  // What is published longer than it is selected costs the server something and is never read.
  private void takeOut(List<Table> tables, List<Table> kept) throws SQLException {
    for (String step : PublicationTables.gradually(publications.memberships(tables, kept))) {
      try {
        transaction(step);
      } catch (SQLException e) {
        session.rollback();
        LOG.warn(
            "publication '{}' cannot be brought into step with the tables now ({}), which is tried again: {}",
            publications.name(),
            SqlFailures.said(e),
            step);
      }
    }
  }
}
