package dev.tapline.source.postgres.replication.publication;

import dev.tapline.source.postgres.catalog.CatalogReader;
import dev.tapline.source.postgres.catalog.CatalogText;
import dev.tapline.source.postgres.catalog.Table;
import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.sql.Quote;
import dev.tapline.spi.catalog.StreamName;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Checks, while a log is read, for tables that have lost their replica identity or were created
/// without one. Those in our own publications are moved to where they break nothing, and what is
/// missing from then on is reported. For use by one thread at a time.
public final class IdentityMonitor {
  private static final Logger LOG = LoggerFactory.getLogger(IdentityMonitor.class);

  private final String publication;
  private final boolean reads;
  private final boolean manage;
  private final Map<Long, StreamName> roots;
  private final Set<Long> known = new HashSet<>();
  private boolean looked;
  private boolean toldOfRefusal;

  private record Nameless(long root, long oid, String quoted) {}

  /// @param publication the name of the publication
  /// @param reads whether the log is read through it
  /// @param manage whether it may be changed
  /// @param roots the streams that are followed, by the number of their table
  public IdentityMonitor(
      String publication, boolean reads, boolean manage, Map<Long, StreamName> roots) {
    this.publication = publication;
    this.reads = reads;
    this.manage = manage;
    this.roots = Map.copyOf(roots);
  }

  /// Looks once. What was so at the first look is not told: a run tells it when it begins.
  ///
  /// @param session in no transaction
  public void look(Session session) throws SQLException, IOException {
    if (reads) {
      relieve(session, new Publications(session, publication, manage));
    }
    List<Nameless> found = nameless(session);
    if (looked) {
      found.stream().filter(one -> !known.contains(one.oid())).forEach(this::tell);
    }
    looked = true;
    known.clear();
    found.forEach(one -> known.add(one.oid()));
  }

  private void tell(Nameless one) {
    LOG.warn(
        "stream {}: table {} has no replica identity now: the log tells of INSERT into it, but not of UPDATE and DELETE; ALTER TABLE {} REPLICA IDENTITY FULL; and run again, which copies the stream anew",
        roots.get(one.root()),
        one.quoted(),
        one.quoted());
  }

  private void relieve(Session session, Publications publications)
      throws SQLException, IOException {
    if (publications.isForeign() || !publications.mayBreakUpdates()) {
      toldOfRefusal = false;
      return;
    }
    session.beginSnapshot();
    Collection<Table> members =
        CatalogReader.readSome(session, publications.members(session.database())).values();
    session.rollback();
    String changes = publications.relieve(members);
    if (!changes.isEmpty() && !toldOfRefusal) {
      toldOfRefusal = true;
      LOG.warn(
          "publication '{}' publishes updates of tables that have no replica identity any more: the application's UPDATE and DELETE of them fail; {}",
          publication,
          changes);
    }
  }

  private List<Nameless> nameless(Session session) throws SQLException {
    CatalogText text = CatalogText.of(session);
    return session.query(
        """
        WITH RECURSIVE beneath (root, oid) AS (
          SELECT c.oid, c.oid FROM pg_catalog.pg_class c WHERE c.oid = ANY ('{%s}')
          UNION
          SELECT beneath.root, i.inhrelid
          FROM beneath JOIN pg_catalog.pg_inherits i ON i.inhparent = beneath.oid
        )
        SELECT beneath.root, c.oid, %s, %s
        FROM beneath
        JOIN pg_catalog.pg_class c ON c.oid = beneath.oid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND NOT %s
        """
            .formatted(
                roots.keySet().stream().map(String::valueOf).collect(Collectors.joining(",")),
                text.sql("n.nspname"),
                text.sql("c.relname"),
                ReplicaIdentities.CONDITION),
        row ->
            new Nameless(
                row.getLong(1),
                row.getLong(2),
                Quote.name(text.read(row, 3)) + "." + Quote.name(text.read(row, 4))));
  }
}
