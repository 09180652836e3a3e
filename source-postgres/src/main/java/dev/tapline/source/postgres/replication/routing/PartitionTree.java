package dev.tapline.source.postgres.replication.routing;

import dev.tapline.source.postgres.catalog.CatalogQueries;
import dev.tapline.source.postgres.catalog.CatalogText;
import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.connection.Sessions;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The tables that can hold rows of a stream: its own, its partitions and those that inherit from
/// it, as in the catalog. A table that is created while the log is read is looked up when its first
/// change comes.
final class PartitionTree {
  private static final int VERSION_WITH_PARTITIONS = 100_000;

  private final Sessions sessions;
  private final String database;
  private final Set<Long> roots = new HashSet<>();
  private final Map<Long, Member> members = new HashMap<>();
  private final Map<Long, Set<Long>> storage = new HashMap<>();

  /// A table.
  ///
  /// @param oid its number
  /// @param namespace its schema
  /// @param name its name
  /// @param roots the numbers of the tables of streams whose rows it holds, its own included
  /// @param partition whether it is a partition
  record Member(long oid, String namespace, String name, Set<Long> roots, boolean partition) {}

  private record Found(
      long root, long oid, String namespace, String name, char kind, boolean partition) {}

  /// @param roots the numbers of the streams' tables
  PartitionTree(Sessions sessions, String database, Collection<Long> roots) {
    this.sessions = sessions;
    this.database = database;
    this.roots.addAll(roots);
  }

  /// Reads them all.
  void load() throws IOException {
    if (!roots.isEmpty()) {
      List<Found> found = sessions.with(database, this::all);
      members.clear();
      storage.clear();
      found.forEach(this::add);
    }
  }

  private void add(Found found) {
    members
        .computeIfAbsent(
            found.oid(),
            oid ->
                new Member(
                    oid, found.namespace(), found.name(), new HashSet<>(), found.partition()))
        .roots()
        .add(found.root());
    if (found.kind() == 'r') {
      storage.computeIfAbsent(found.root(), root -> new HashSet<>()).add(found.oid());
    }
  }

  /// The table of a number, if it belongs to a stream; reads the catalog again to know.
  @Nullable Member lookUp(long oid) throws IOException {
    if (!members.containsKey(oid)) {
      load();
    }
    return members.get(oid);
  }

  /// The table of a name, if it belongs to a stream; reads the catalog again to know.
  @Nullable Member lookUp(String namespace, String name) throws IOException {
    @Nullable Member known = named(namespace, name);
    if (known == null) {
      load();
      known = named(namespace, name);
    }
    return known;
  }

  private @Nullable Member named(String namespace, String name) {
    for (Member member : members.values()) {
      if (member.name().equals(name) && member.namespace().equals(namespace)) {
        return member;
      }
    }
    return null;
  }

  /// Whether no stream has a table beneath its own, nor can get one by PARTITION OF.
  boolean areRootsOnly() {
    return members.keySet().equals(roots)
        && roots.stream().allMatch(root -> storage.containsKey(root));
  }

  /// Whether these tables hold all rows of a stream.
  ///
  /// @param named whether that counts only when a partitioned table itself is among them
  boolean areAll(Set<Long> oids, long root, boolean named) {
    Set<Long> tables = storage.getOrDefault(root, Set.of());
    @Nullable Member own = members.get(root);
    // A partitioned table is truncated with all its partitions; one that others inherit from is
    // not.
    boolean partitioned = own != null && !tables.contains(root);
    return (partitioned && (named || oids.contains(root)))
        ? oids.contains(root)
        : oids.containsAll(tables);
  }

  private List<Found> all(Session session) throws SQLException {
    CatalogText text = CatalogText.of(session);
    return session.query(
        """
        WITH RECURSIVE beneath (root, oid) AS (
          SELECT c.oid, c.oid FROM pg_catalog.pg_class c WHERE c.oid = ANY ('{%s}')
          UNION
          SELECT beneath.root, i.inhrelid
          FROM beneath JOIN pg_catalog.pg_inherits i ON i.inhparent = beneath.oid AND %s
        )
        SELECT beneath.root, c.oid, %s, %s, c.relkind, %s
        FROM beneath
        JOIN pg_catalog.pg_class c ON c.oid = beneath.oid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relpersistence <> 't'
        """
            .formatted(
                roots.stream().map(String::valueOf).collect(Collectors.joining(",")),
                CatalogQueries.isInherited(session.version()),
                text.sql("n.nspname"),
                text.sql("c.relname"),
                session.version() >= VERSION_WITH_PARTITIONS ? "c.relispartition" : "false"),
        row ->
            new Found(
                row.getLong(1),
                row.getLong(2),
                text.read(row, 3),
                text.read(row, 4),
                row.getString(5).charAt(0),
                row.getBoolean(6)));
  }
}
