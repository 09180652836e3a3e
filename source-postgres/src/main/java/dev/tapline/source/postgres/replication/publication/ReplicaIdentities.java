package dev.tapline.source.postgres.replication.publication;

import dev.tapline.source.postgres.catalog.Table;
import dev.tapline.source.postgres.connection.Session;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// How the log identifies the row that an UPDATE or DELETE has changed.
///
/// @param identified the numbers of the tables that have a replica identity of their own
/// @param keyed the numbers of the tables that have a primary key by which rows can be told apart:
///   a partition that is made of one has a replica identity from the beginning
public record ReplicaIdentities(Set<Long> identified, Set<Long> keyed) {
  /// Copies the sets.
  public ReplicaIdentities {
    identified = Set.copyOf(identified);
    keyed = Set.copyOf(keyed);
  }

  /// Those of the tables and of what is beneath them.
  public static ReplicaIdentities of(Session session, Collection<Table> tables)
      throws SQLException {
    Set<Long> identified = new HashSet<>();
    Set<Long> keyed = new HashSet<>();
    Set<Long> oids = new TreeSet<>();
    tables.forEach(
        table -> table.withDescendants().forEach(member -> oids.add(member.facts().oid())));
    if (!oids.isEmpty()) {
      session
          .query(
              """
              SELECT c.oid, %s,
                EXISTS (SELECT 1 FROM pg_catalog.pg_index i
                        WHERE i.indrelid = c.oid AND i.indisvalid AND i.indimmediate
                          AND i.indisprimary)
              FROM pg_catalog.pg_class c WHERE c.oid = ANY ('{%s}')
              """
                  .formatted(
                      CONDITION,
                      oids.stream().map(String::valueOf).collect(Collectors.joining(","))),
              row -> new Found(row.getLong(1), row.getBoolean(2), row.getBoolean(3)))
          .forEach(found -> {
            if (found.identified()) {
              identified.add(found.oid());
            }
            if (found.keyed()) {
              keyed.add(found.oid());
            }
          });
    }
    return new ReplicaIdentities(identified, keyed);
  }

  /// Whether the table `c` has a replica identity.
  public static final String CONDITION =
      """
      (c.relreplident = 'f' OR EXISTS (
        SELECT 1 FROM pg_catalog.pg_index i
        WHERE i.indrelid = c.oid AND i.indisvalid AND i.indimmediate
          AND ((c.relreplident = 'd' AND i.indisprimary)
               OR (c.relreplident = 'i' AND i.indisreplident))))\
      """;

  private record Found(long oid, boolean identified, boolean keyed) {}

  /// The tables of a stream that hold rows and have none: the log does not tell of their UPDATE and
  /// DELETE.
  public List<Table> missing(Table root) {
    return root.withDescendants().stream()
        .filter(table -> table.facts().kind() == 'r' && !identified.contains(table.facts().oid()))
        .toList();
  }

  /// The partitioned tables of a stream whose next partition will have none, for lack of a primary
  /// key to inherit.
  public List<Table> withoutKeyToInherit(Table root) {
    return root.withDescendants().stream()
        .filter(table -> table.facts().kind() == 'p' && !keyed.contains(table.facts().oid()))
        .toList();
  }

  /// Whether UPDATE and DELETE of all of a stream's tables may be published, of those too that will
  /// be made beneath them.
  boolean areSure(Table root) {
    return missing(root).isEmpty() && withoutKeyToInherit(root).isEmpty();
  }

  /// The numbers of those tables whose replica identity is an index that does not hold all of the
  /// primary key.
  public static Set<Long> withoutTheirKey(Session session, Collection<Table> tables)
      throws SQLException {
    String oids =
        tables.stream()
            .map(table -> String.valueOf(table.facts().oid()))
            .collect(Collectors.joining(","));
    return new HashSet<>(
        session.query(
            """
            SELECT c.oid FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_index k ON k.indrelid = c.oid AND k.indisprimary
            JOIN pg_catalog.pg_index i ON i.indrelid = c.oid AND i.indisreplident
            WHERE c.relreplident = 'i' AND c.oid = ANY ('{%s}')
              AND NOT (k.indkey::pg_catalog.int2[] OPERATOR(pg_catalog.<@) i.indkey::pg_catalog.int2[])
            """
                .formatted(oids),
            row -> row.getLong(1)));
  }
}
