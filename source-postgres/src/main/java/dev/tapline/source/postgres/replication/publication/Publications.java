package dev.tapline.source.postgres.replication.publication;

import dev.tapline.source.postgres.catalog.CatalogText;
import dev.tapline.source.postgres.catalog.Table;
import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.sql.Quote;
import dev.tapline.source.postgres.sql.SqlFailures;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.source.StreamException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The publications that `pgoutput` reads: made, kept in step with the selected tables, or only
/// looked at when somebody else has made them.
///
/// There are two. PostgreSQL refuses UPDATE and DELETE on a table without a replica identity as
/// soon as a publication publishes them, and a copy must not break the application that it copies
/// from. Such tables go into the second one, which publishes only INSERT and TRUNCATE; so do
/// partitioned tables whose partitions may come without one, see [PublicationAssignment]. Before
/// PostgreSQL 18 a log cannot be read with a publication that was made later, so both are made at
/// once.
///
/// Which publications there are is read once, and again after a change that was made here; so an
/// object is for one decision, not for the whole of a run.
public final class Publications {
  private static final String OURS = "Kept in step with a pipeline by Tapline.";
  private static final String INSERTS = "_inserts";
  private static final int MAX_LENGTH = 63;
  private static final int WITH_TRUNCATE = 110_000;
  private static final int WITH_GENERATED_COLUMNS = 180_000;
  private static final int WITH_LATER_PUBLICATIONS = 180_000;

  private final Session session;
  private final String name;
  private final boolean manage;
  private @Nullable List<Existing> existing;

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
  /// @param kept others, which stay as they are published, if they are
  /// @return the publications to read
  /// @throws StreamException if some are not and cannot be, though the others are now
  /// @throws IOException if none is, with the statement that publishes them
  public List<String> ensure(Collection<Table> tables, Collection<Table> kept) throws IOException {
    try {
      if (isForeign()) {
        requireAll(tables);
        return List.of(name);
      }
      Map<Table, String> refused = publish(tables, kept);
      throwAll(refused);
      return names();
    } catch (SQLException e) {
      throw SqlFailures.of(e, "publication '" + name + "'");
    }
  }

  private Map<Table, String> publish(Collection<Table> tables, Collection<Table> kept)
      throws SQLException, IOException {
    List<String> changes = PublicationTables.changes(memberships(tables, kept));
    if (changes.isEmpty()) {
      return Map.of();
    }
    boolean standby = session.isOnStandby();
    Map<Table, String> refused = new LinkedHashMap<>();
    if (standby || !manage) {
      String reason =
          standby
              ? "the server is a standby; have the tables' owner run this on the primary: "
              : "create-publication is false; ";
      if (names().isEmpty()) {
        throw new IOException(
            "publication '%s' does not publish all that is selected, and %s%s"
                .formatted(name, reason, String.join(" ", changes)));
      }
      for (Table table : unpublished(tables)) {
        refused.put(
            table,
            "publication '%s' does not publish it, and %s%s"
                .formatted(name, reason, statement(table)));
      }
      return refused;
    }
    TableOwnership ownership = new TableOwnership(session);
    Set<Table> strangers = ownership.refusals(unpublished(tables), _ -> "").keySet();
    List<Table> possible = tables.stream().filter(table -> !strangers.contains(table)).toList();
    if (possible.isEmpty() && names().isEmpty()) {
      throw new IOException(
          "user '%s' may not publish the tables; have their owner run this: %s"
              .formatted(session.user(), String.join(" ", changes)));
    }
    List<Table> left = new ArrayList<>(kept);
    left.addAll(strangers);
    refused.putAll(new PublicationSync(session, this).run(possible, left));
    refused.putAll(ownership.refusals(strangers, this::statement));
    return refused;
  }

  private static void throwAll(Map<Table, String> refused) throws StreamException {
    List<StreamException> failures = new ArrayList<>();
    refused.forEach(
        (table, reason) -> failures.add(new StreamException(table.name(), reason, null)));
    if (!failures.isEmpty()) {
      StreamException first = failures.getFirst();
      failures.stream().skip(1).forEach(first::addSuppressed);
      throw first;
    }
  }

  /// What keeps a stream from being published: nothing when it is published, or will be.
  ///
  /// @param table a table that it is not published, in whole or in part
  /// @param statement what publishes it
  public record Missing(Table table, String statement) {}

  /// The tables that somebody else must publish.
  public List<Missing> missing(Collection<Table> tables) throws SQLException {
    boolean foreign = isForeign();
    boolean able =
        manage
            && !foreign
            && session
                .query(
                    (names().isEmpty()
                            ? "SELECT pg_catalog.has_database_privilege(current_database(), 'CREATE')"
                            : "SELECT true")
                        + " AND NOT pg_catalog.pg_is_in_recovery()",
                    row -> row.getBoolean(1))
                .getFirst();
    List<Table> unpublished = unpublished(tables);
    Set<Table> refused =
        able
            ? new TableOwnership(session).refusals(unpublished, _ -> "").keySet()
            : Set.copyOf(unpublished);
    List<Missing> missing = new ArrayList<>();
    for (Table table : unpublished) {
      if (refused.contains(table)) {
        missing.add(new Missing(table, foreign ? add(table) : statement(table)));
      }
    }
    return missing;
  }

  /// The publications to read, if they are there.
  public List<String> names() throws SQLException {
    return existing().stream().map(Existing::name).toList();
  }

  /// Whether somebody else has made the publication, so that it is taken as it is.
  public boolean isForeign() throws SQLException {
    return existing().stream().anyMatch(found -> found.name().equals(name) && !found.ours());
  }

  /// Whether the publication of all changes has a table without a replica identity, or a
  /// partitioned one that may get such a partition: then the application's UPDATE of it fails.
  boolean mayBreakUpdates() throws SQLException {
    return session
        .query(
            """
            SELECT EXISTS (
              SELECT 1 FROM pg_catalog.pg_publication_tables t
              JOIN pg_catalog.pg_namespace n ON n.nspname = t.schemaname
              JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.tablename
              WHERE t.pubname = %s AND c.relkind = 'r' AND NOT %s
            ) OR EXISTS (
              SELECT 1 FROM pg_catalog.pg_publication_rel r
              JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid
              JOIN pg_catalog.pg_class c ON c.oid = r.prrelid
              WHERE p.pubname = %s AND c.relkind = 'p' AND NOT EXISTS (
                SELECT 1 FROM pg_catalog.pg_index i
                WHERE i.indrelid = c.oid AND i.indisprimary AND i.indisvalid AND i.indimmediate)
            )
            """
                .formatted(Quote.text(name), ReplicaIdentities.CONDITION, Quote.text(name)),
            row -> row.getBoolean(1))
        .getFirst();
  }

  /// The tables that our publications name.
  List<StreamName> members(String database) throws SQLException {
    return session.query(
        """
        SELECT DISTINCT n.nspname, c.relname
        FROM pg_catalog.pg_publication_rel r
        JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid
        JOIN pg_catalog.pg_class c ON c.oid = r.prrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE p.pubname IN (%s, %s)
        """
            .formatted(Quote.text(name), Quote.text(inserts())),
        row -> new StreamName(database, row.getString(1), row.getString(2)));
  }

  /// Moves what may break the application's UPDATE to the publication of inserts.
  ///
  /// @param members all tables that our publications name
  /// @return the statements that somebody else must run for it; nothing when that is done
  String relieve(Collection<Table> members) throws SQLException, IOException {
    String changes = String.join(" ", PublicationTables.changes(memberships(List.of(), members)));
    if (changes.isEmpty() || !manage || session.isOnStandby()) {
      return changes;
    }
    new PublicationSync(session, this).run(List.of(), members);
    return String.join(" ", PublicationTables.changes(memberships(List.of(), members)));
  }

  /// Whether the publication publishes UPDATE or DELETE.
  public boolean publishesUpdates() throws SQLException {
    return session
        .query(
            "SELECT p.pubupdate OR p.pubdelete FROM pg_catalog.pg_publication p WHERE p.pubname = "
                + Quote.text(name),
            row -> row.getBoolean(1))
        .stream()
        .findFirst()
        .orElse(false);
  }

  /// The name, for messages.
  String name() {
    return name;
  }

  /// What the two publications have and should have.
  List<PublicationTables> memberships(Collection<Table> tables, Collection<Table> kept)
      throws SQLException {
    Map<Long, String> inAll = PublicationTables.present(session, name);
    Map<Long, String> inInserts =
        has(inserts()) ? PublicationTables.present(session, inserts()) : Map.of();
    PublicationAssignment shares = shares(tables, kept);
    tables.forEach(shares::add);
    kept.forEach(table -> shares.keep(table, inAll.keySet(), inInserts.keySet()));
    return memberships(names(), shares, inAll, inInserts);
  }

  /// The same of each table alone.
  Map<Table, List<PublicationTables>> membershipsOfEach(Collection<Table> tables)
      throws SQLException {
    Map<Long, String> inAll = PublicationTables.present(session, name);
    Map<Long, String> inInserts =
        has(inserts()) ? PublicationTables.present(session, inserts()) : Map.of();
    List<String> names = names();
    PublicationAssignment all = shares(tables, List.of());
    Map<Table, List<PublicationTables>> memberships = new LinkedHashMap<>();
    for (Table table : tables) {
      Set<Long> own = new HashSet<>();
      table.withDescendants().forEach(member -> own.add(member.facts().oid()));
      PublicationAssignment shares = all.empty();
      shares.add(table);
      memberships.put(table, memberships(names, shares, only(inAll, own), only(inInserts, own)));
    }
    return memberships;
  }

  private static Map<Long, String> only(Map<Long, String> members, Set<Long> some) {
    Map<Long, String> only = new LinkedHashMap<>(members);
    only.keySet().retainAll(some);
    return only;
  }

  private PublicationAssignment shares(Collection<Table> tables, Collection<Table> kept)
      throws SQLException {
    List<Table> all = new ArrayList<>(tables);
    all.addAll(kept);
    return new PublicationAssignment(
        ReplicaIdentities.of(session, all),
        new TableOwnership(session).parents(all),
        session.version());
  }

  private List<PublicationTables> memberships(
      List<String> names,
      PublicationAssignment shares,
      Map<Long, String> inAll,
      Map<Long, String> inInserts) {
    List<PublicationTables> memberships = new ArrayList<>();
    memberships.add(
        new PublicationTables(
            Quote.name(name),
            names.contains(name) ? "" : creation(name, false),
            shares.all,
            inAll));
    boolean early = mustBeOlder(session) && !names.contains(name);
    if (!shares.inserts.isEmpty() || names.contains(inserts()) || early) {
      memberships.add(
          new PublicationTables(
              Quote.name(inserts()),
              names.contains(inserts()) ? "" : creation(inserts(), true),
              shares.inserts,
              inInserts));
    }
    return memberships;
  }

  private String creation(String publication, boolean inserts) {
    return "%s; COMMENT ON PUBLICATION %s IS %s;"
        .formatted(options(inserts), Quote.name(publication), Quote.text(OURS));
  }

  private String statement(Table table) throws SQLException {
    return String.join(
        " ",
        PublicationTables.changes(membershipsOfEach(List.of(table)).values().iterator().next()));
  }

  private String inserts() {
    String cut = name.substring(0, Math.min(name.length(), MAX_LENGTH - INSERTS.length()));
    return cut + INSERTS;
  }

  /// The publications are not what they were: they are looked at anew.
  void changed() {
    existing = null;
  }

  private List<Existing> existing() throws SQLException {
    List<Existing> known = existing;
    if (known == null) {
      known = readExisting();
      existing = known;
    }
    return known;
  }

  private List<Existing> readExisting() throws SQLException {
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

  private boolean has(String wanted) throws SQLException {
    return names().contains(wanted);
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
    Map<Table, String> missing = new LinkedHashMap<>();
    for (Table table : unpublished(tables)) {
      missing.put(
          table,
          "publication '%s' does not publish it, and what is written until it does is in no log; %s and, if it was copied before: runtime reset --stream '%s'"
              .formatted(name, add(table), table.name()));
    }
    throwAll(missing);
  }

  private String add(Table table) {
    return "ALTER PUBLICATION %s ADD TABLE %s;".formatted(Quote.name(name), table.facts().quoted());
  }

  /// Those of the tables that are not published now, in whole or in part.
  public List<Table> unpublished(Collection<Table> tables) throws SQLException {
    Set<String> published = published(names());
    return tables.stream().filter(table -> !isPublished(table, published)).toList();
  }

  /// The tables that hold rows and are published, quoted.
  private Set<String> published(List<String> publications) throws SQLException {
    String own = publications.stream().map(Quote::text).collect(Collectors.joining(","));
    CatalogText text = CatalogText.of(session);
    return new LinkedHashSet<>(
        session.query(
            "SELECT DISTINCT %s, %s FROM pg_catalog.pg_publication_tables WHERE pubname IN (%s)"
                .formatted(
                    text.sql("schemaname"), text.sql("tablename"), own.isEmpty() ? "''" : own),
            row -> Quote.name(text.read(row, 1)) + "." + Quote.name(text.read(row, 2))));
  }

  /// Those of the tables that have a replica identity now, they or one beneath them, and of which
  /// only inserts were published until now.
  ///
  /// @return the numbers of these, by the table of the stream
  public Map<Table, Set<Long>> identified(Collection<Table> tables) throws SQLException {
    Map<Table, Set<Long>> found = new LinkedHashMap<>();
    if (isForeign() || !has(inserts())) {
      return found;
    }
    Set<String> whole = published(List.of(name));
    Set<String> inserted = published(List.of(inserts()));
    Set<Long> identified = ReplicaIdentities.of(session, tables).identified();
    for (Table table : tables) {
      Set<Long> members =
          table.withDescendants().stream()
              .filter(member ->
                  member.facts().kind() == 'r'
                      && identified.contains(member.facts().oid())
                      && inserted.contains(member.facts().quoted())
                      && !whole.contains(member.facts().quoted()))
              .map(member -> member.facts().oid())
              .collect(Collectors.toSet());
      if (!members.isEmpty()) {
        found.put(table, members);
      }
    }
    return found;
  }

  // What inherits from a table is published by itself.
  private static boolean isPublished(Table table, Set<String> published) {
    return switch (table.facts().kind()) {
      case 'p' ->
          published.contains(table.facts().quoted())
              || table.children().stream().allMatch(child -> isPublished(child, published));
      case 'r' ->
          published.contains(table.facts().quoted())
              && table.children().stream().allMatch(child -> isPublished(child, published));
      default -> true;
    };
  }
}
