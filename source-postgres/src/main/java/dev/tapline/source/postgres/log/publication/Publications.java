package dev.tapline.source.postgres.log.publication;

import dev.tapline.source.postgres.catalog.CatalogText;
import dev.tapline.source.postgres.catalog.Quote;
import dev.tapline.source.postgres.catalog.Table;
import dev.tapline.source.postgres.connect.Failures;
import dev.tapline.source.postgres.connect.Session;
import dev.tapline.spi.source.StreamException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The publications that `pgoutput` reads: made, kept in step with the selected tables, or only
/// looked at when somebody else has made them.
///
/// There are two. PostgreSQL refuses UPDATE and DELETE on a table without a replica identity as
/// soon as a publication publishes them, and a copy must not break the application that it copies
/// from. Such tables go into the second one, which publishes only INSERT and TRUNCATE. Before
/// PostgreSQL 18 a log cannot be read with a publication that was made later, so both are made at
/// once.
public final class Publications {
  private static final String OURS = "Kept in step with a pipeline by Tapline.";
  private static final String INSERTS = "_inserts";
  private static final int LONGEST = 63;
  private static final int WITH_TRUNCATE = 110_000;
  private static final int WITH_GENERATED_COLUMNS = 180_000;
  private static final int WITH_LATER_PUBLICATIONS = 180_000;

  private final Session session;
  private final String name;
  private final boolean manage;

  /// @param session a session with the database, in no transaction
  /// @param name the publication's
  /// @param manage whether it may be made
  public Publications(Session session, String name, boolean manage) {
    this.session = session;
    this.name = name;
    this.manage = manage;
  }

  private record Existing(String name, boolean ours) {}

  /// Whether the server ends a log with an error where it is older than its publication.
  public static boolean mustBeOlder(Session session) {
    return session.version() < WITH_LATER_PUBLICATIONS;
  }

  /// Sees to it that the tables are published.
  ///
  /// @param tables the tables, with those beneath them
  /// @param kept others that stay published if they are
  /// @return the publications to read
  /// @throws IOException if they are not, with the statement that publishes them
  public List<String> ensure(Collection<Table> tables, Collection<Table> kept) throws IOException {
    try {
      List<Existing> existing = existing();
      boolean foreign =
          existing.stream().anyMatch(found -> found.name().equals(name) && !found.ours());
      if (foreign) {
        requireAll(tables);
        return List.of(name);
      }
      List<Table> all = new ArrayList<>(tables);
      all.addAll(kept);
      change(changes(existing, all));
      return names();
    } catch (SQLException e) {
      throw Failures.of(e, "publication '" + name + "'");
    }
  }

  /// The statements that somebody else must run before the tables are published; none when they are
  /// published or will be.
  public List<String> missing(Collection<Table> tables) throws SQLException {
    List<Existing> existing = existing();
    if (existing.stream().anyMatch(found -> found.name().equals(name) && !found.ours())) {
      List<Table> unpublished = unpublished(tables);
      return unpublished.isEmpty() ? List.of() : List.of(add(unpublished));
    }
    List<String> statements = changes(existing, tables);
    boolean able =
        manage
            && session
                .query(
                    "SELECT pg_catalog.has_database_privilege(current_database(), 'CREATE') AND NOT pg_catalog.pg_is_in_recovery()",
                    row -> row.getBoolean(1))
                .getFirst()
            && owns(tables);
    return statements.isEmpty() || able ? List.of() : List.of(String.join(" ", statements));
  }

  private boolean owns(Collection<Table> tables) throws SQLException {
    String oids =
        tables.stream()
            .map(table -> String.valueOf(table.facts().oid()))
            .collect(Collectors.joining(","));
    return session
        .query(
            "SELECT NOT EXISTS (SELECT 1 FROM pg_catalog.pg_class c WHERE c.oid = ANY ('{%s}') AND NOT pg_catalog.pg_has_role(c.relowner, 'USAGE'))"
                .formatted(oids),
            row -> row.getBoolean(1))
        .getFirst();
  }

  /// The publications to read, if they are there.
  public List<String> names() throws SQLException {
    return existing().stream().map(Existing::name).toList();
  }

  // What belongs into one transaction each.
  private List<String> changes(List<Existing> existing, Collection<Table> tables)
      throws SQLException {
    Set<Long> anonymous = new ReplicaIdentities(session).missing(tables);
    List<Table> plain =
        tables.stream().filter(table -> !anonymous.contains(table.facts().oid())).toList();
    List<Table> insertsOnly =
        tables.stream().filter(table -> anonymous.contains(table.facts().oid())).toList();
    List<Membership> memberships = new ArrayList<>();
    memberships.add(membership(existing, name, plain, false));
    boolean early = mustBeOlder(session) && !has(existing, name);
    if (!insertsOnly.isEmpty() || has(existing, inserts()) || early) {
      memberships.add(membership(existing, inserts(), insertsOnly, true));
    }
    return Membership.changes(memberships);
  }

  private String inserts() {
    String cut = name.substring(0, Math.min(name.length(), LONGEST - INSERTS.length()));
    return cut + INSERTS;
  }

  private List<Existing> existing() throws SQLException {
    return session.query(
        """
        SELECT p.pubname, coalesce(pg_catalog.obj_description(p.oid, 'pg_publication'), '') = %s
        FROM pg_catalog.pg_publication p
        WHERE p.pubname = %s
           OR (p.pubname = %s AND pg_catalog.obj_description(p.oid, 'pg_publication') = %s)
        ORDER BY p.pubname
        """
            .formatted(Quote.text(OURS), Quote.text(name), Quote.text(inserts()), Quote.text(OURS)),
        row -> new Existing(row.getString(1), row.getBoolean(2)));
  }

  private static boolean has(List<Existing> existing, String wanted) {
    return existing.stream().anyMatch(found -> found.name().equals(wanted));
  }

  private Membership membership(
      List<Existing> existing, String publication, List<Table> tables, boolean inserts)
      throws SQLException {
    String creation =
        has(existing, publication)
            ? ""
            : "%s; COMMENT ON PUBLICATION %s IS %s;"
                .formatted(options(inserts), Quote.name(publication), Quote.text(OURS));
    return Membership.read(session, publication, creation, tables);
  }

  private void change(List<String> transactions) throws IOException, SQLException {
    String all = String.join(" ", transactions);
    if (!all.isEmpty() && session.isOnStandby()) {
      throw new IOException(
          "publication '%s' does not publish all that is selected, and the server is a standby; have the tables' owner run this on the primary: %s"
              .formatted(name, all));
    }
    if (!all.isEmpty() && !manage) {
      throw new IOException(
          "publication '%s' does not publish all that is selected, and create-publication is false; %s"
              .formatted(name, all));
    }
    try {
      for (String statements : transactions) {
        session.execute("BEGIN READ WRITE");
        // An ALTER waits for whoever has the table locked; it is tried again instead.
        session.execute("SET LOCAL lock_timeout = '5s'");
        session.execute(statements);
        session.execute("COMMIT");
      }
    } catch (SQLException e) {
      boolean refused = "42501".equals(e.getSQLState());
      try {
        session.rollback();
      } catch (SQLException second) {
        e.addSuppressed(second);
      }
      throw refused
          ? new IOException(
              "user '%s' may not publish the tables (%s); have their owner run this: %s"
                  .formatted(session.user(), Failures.said(e), all),
              e)
          : Failures.of(e, "publication '" + name + "'");
    }
  }

  private String options(boolean inserts) {
    List<String> options = new ArrayList<>();
    if (inserts) {
      options.add(
          session.version() >= WITH_TRUNCATE
              ? "publish = 'insert, truncate'"
              : "publish = 'insert'");
    }
    if (session.version() >= WITH_GENERATED_COLUMNS) {
      options.add("publish_generated_columns = stored");
    }
    return options.isEmpty() ? "" : " WITH (" + String.join(", ", options) + ")";
  }

  // Somebody else's publication is taken as it is.
  private void requireAll(Collection<Table> tables) throws IOException, SQLException {
    List<Table> missing = unpublished(tables);
    if (!missing.isEmpty()) {
      Table first = missing.getFirst();
      throw new StreamException(
          first.name(),
          "publication '%s' does not publish it, and what is written until it does is in no log; %s and, if it was copied before: runtime reset --stream '%s'"
              .formatted(name, add(missing), first.name()),
          null);
    }
  }

  private String add(List<Table> missing) {
    return "ALTER PUBLICATION %s ADD TABLE %s;"
        .formatted(Quote.name(name), Membership.names(missing));
  }

  /// Those of the tables that are not published now, in whole or in part.
  public List<Table> unpublished(Collection<Table> tables) throws SQLException {
    String own = names().stream().map(Quote::text).collect(Collectors.joining(","));
    CatalogText text = CatalogText.of(session);
    Set<String> published =
        Set.copyOf(
            session.query(
                "SELECT %s, %s FROM pg_catalog.pg_publication_tables WHERE pubname IN (%s)"
                    .formatted(
                        text.sql("schemaname"), text.sql("tablename"), own.isEmpty() ? "''" : own),
                row -> Quote.name(text.read(row, 1)) + "." + Quote.name(text.read(row, 2))));
    return tables.stream().filter(table -> !isPublished(table, published)).toList();
  }

  /// Those of the tables that have a replica identity now, and of which only inserts were published
  /// until now.
  public List<Table> identified(Collection<Table> tables) throws SQLException {
    if (!has(existing(), inserts())) {
      return List.of();
    }
    Set<Long> members = Membership.present(session, inserts()).keySet();
    Set<Long> anonymous = new ReplicaIdentities(session).missing(tables);
    return tables.stream()
        .filter(table -> !anonymous.contains(table.facts().oid()) && isAmong(table, members))
        .toList();
  }

  private static boolean isAmong(Table table, Set<Long> members) {
    return members.contains(table.facts().oid())
        || (table.facts().kind() == 'p'
            && table.children().stream().anyMatch(child -> isAmong(child, members)));
  }

  private static boolean isPublished(Table table, Set<String> published) {
    boolean own = published.contains(table.facts().quoted());
    // A partition is published with what it is a partition of; what inherits is not.
    return table.facts().kind() == 'p'
        ? own || table.children().stream().allMatch(child -> isPublished(child, published))
        : own && table.children().stream().allMatch(child -> isPublished(child, published));
  }
}
