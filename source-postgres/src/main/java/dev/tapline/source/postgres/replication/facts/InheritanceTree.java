package dev.tapline.source.postgres.replication.facts;

import dev.tapline.source.postgres.catalog.CatalogQueries;
import dev.tapline.source.postgres.catalog.CatalogText;
import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.replication.publication.ReplicaIdentities;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Which tables of a database stand above and beneath others, by partitioning or inheritance, and
/// what the catalog says about those of interest.
final class InheritanceTree {
  private static final int WITH_PARTITIONS = 100_000;

  private static final String IDENTITY =
      """
      c.relreplident::pg_catalog.text || ' ' || pg_catalog.array_to_string(ARRAY(
        SELECT a.attname::pg_catalog.text FROM pg_catalog.pg_index i
        JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
        WHERE i.indrelid = c.oid
          AND ((c.relreplident = 'd' AND i.indisprimary)
               OR (c.relreplident = 'i' AND i.indisreplident))
        ORDER BY a.attname), ',')\
      """;

  private final Session session;
  private final Map<Long, List<Edge>> above = new HashMap<>();
  private final Map<Long, List<Long>> beneath = new HashMap<>();
  private final Map<Long, Relation> relations = new HashMap<>();

  /// That a table stands beneath another.
  ///
  /// @param version the `xmin` of its row of `pg_inherits`
  record Edge(long parent, long child, String version) {}

  /// A table of the catalog.
  ///
  /// @param partition whether it is a partition of the one above
  /// @param nameVersion what changes with its name or schema: the `xmin` of its row type
  /// @param file the number of the file that its rows stand in
  /// @param identity its replica identity in words; empty when it was not asked for
  record Relation(
      long oid,
      String name,
      long schema,
      char kind,
      boolean unlogged,
      boolean identified,
      boolean partition,
      String nameVersion,
      long file,
      String identity) {}

  private InheritanceTree(Session session) {
    this.session = session;
  }

  /// Reads which table stands beneath which, in the whole database.
  static InheritanceTree read(Session session) throws SQLException {
    InheritanceTree tree = new InheritanceTree(session);
    tree.readEdges();
    return tree;
  }

  /// What the catalog says of a table, if it was looked at and is there.
  @Nullable Relation relation(long oid) {
    return relations.get(oid);
  }

  /// What stands directly above a table.
  List<Edge> above(long oid) {
    return above.getOrDefault(oid, List.of());
  }

  private void readEdges() throws SQLException {
    session
        .query(
            "SELECT i.inhparent, i.inhrelid, i.xmin::pg_catalog.text FROM pg_catalog.pg_inherits i WHERE %s ORDER BY i.inhrelid, i.inhparent"
                .formatted(CatalogQueries.isInherited(session.version())),
            row -> new Edge(row.getLong(1), row.getLong(2), row.getString(3)))
        .forEach(edge -> {
          above.computeIfAbsent(edge.child(), _ -> new ArrayList<>()).add(edge);
          beneath.computeIfAbsent(edge.parent(), _ -> new ArrayList<>()).add(edge.child());
        });
  }

  /// A table and all beneath it.
  Set<Long> withBeneath(long root) {
    Set<Long> all = new LinkedHashSet<>();
    List<Long> next = new ArrayList<>(List.of(root));
    while (!next.isEmpty()) {
      long oid = next.removeLast();
      if (all.add(oid)) {
        next.addAll(beneath.getOrDefault(oid, List.of()));
      }
    }
    return all;
  }

  /// Looks at tables.
  ///
  /// @param withIdentity whether their replica identities are asked for
  void readRelations(Set<Long> oids, boolean withIdentity) throws SQLException {
    if (oids.isEmpty()) {
      return;
    }
    CatalogText text = CatalogText.of(session);
    session
        .query(
            """
            SELECT c.oid, %s, %s, c.relnamespace, c.relkind, c.relpersistence = 'u',
                   %s, %s,
                   t.xmin::pg_catalog.text,
                   CASE WHEN c.relkind = 'r' THEN pg_catalog.pg_relation_filenode(c.oid) END,
                   %s
            FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_catalog.pg_type t ON t.oid = c.reltype
            WHERE c.oid = ANY ('{%s}') AND c.relpersistence <> 't'
            """
                .formatted(
                    text.sql("n.nspname"),
                    text.sql("c.relname"),
                    ReplicaIdentities.CONDITION,
                    session.version() >= WITH_PARTITIONS ? "c.relispartition" : "false",
                    text.sql(withIdentity ? IDENTITY : "''"),
                    oids.stream().map(String::valueOf).collect(Collectors.joining(","))),
            row -> relation(row, text))
        .forEach(relation -> relations.put(relation.oid(), relation));
  }

  private static Relation relation(ResultSet row, CatalogText text) throws SQLException {
    @Nullable String nameVersion = row.getString(9);
    return new Relation(
        row.getLong(1),
        text.read(row, 2) + "." + text.read(row, 3),
        row.getLong(4),
        row.getString(5).charAt(0),
        row.getBoolean(6),
        row.getBoolean(7),
        row.getBoolean(8),
        nameVersion == null ? "" : nameVersion,
        row.getLong(10),
        text.read(row, 11));
  }
}
