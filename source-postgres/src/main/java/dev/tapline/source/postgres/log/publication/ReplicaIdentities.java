package dev.tapline.source.postgres.log.publication;

import dev.tapline.source.postgres.catalog.Table;
import dev.tapline.source.postgres.connect.Session;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// How the log tells which row an UPDATE or DELETE has changed.
public final class ReplicaIdentities {
  /// A condition on `pg_class c`: whether the log tells which of its rows was changed.
  public static final String IDENTIFIED =
      """
      (c.relreplident = 'f' OR EXISTS (
        SELECT 1 FROM pg_catalog.pg_index i
        WHERE i.indrelid = c.oid AND i.indisvalid AND i.indimmediate
          AND ((c.relreplident = 'd' AND i.indisprimary)
               OR (c.relreplident = 'i' AND i.indisreplident))))\
      """;

  private final Session session;

  /// @param session a session with the database
  public ReplicaIdentities(Session session) {
    this.session = session;
  }

  /// The numbers of those tables whose UPDATE and DELETE the log cannot tell, for lack of a replica
  /// identity of theirs or of a table beneath them.
  public Set<Long> missing(Collection<Table> tables) throws SQLException {
    Map<Long, Boolean> identified = identified(tables);
    Set<Long> missing = new HashSet<>();
    for (Table table : tables) {
      if (!isIdentified(table, identified)) {
        missing.add(table.facts().oid());
      }
    }
    return missing;
  }

  /// The numbers of those tables whose replica identity is an index that does not hold all of the
  /// primary key.
  public Set<Long> withoutTheirKey(Collection<Table> tables) throws SQLException {
    return ask(
        tables,
        """
        SELECT c.oid FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_index k ON k.indrelid = c.oid AND k.indisprimary
        JOIN pg_catalog.pg_index i ON i.indrelid = c.oid AND i.indisreplident
        WHERE c.relreplident = 'i' AND c.oid = ANY ('{%s}')
          AND NOT (k.indkey::pg_catalog.int2[] OPERATOR(pg_catalog.<@) i.indkey::pg_catalog.int2[])
        """);
  }

  /// The numbers of those tables that write no log.
  public Set<Long> unlogged(Collection<Table> tables) throws SQLException {
    return ask(
        tables,
        "SELECT c.oid FROM pg_catalog.pg_class c WHERE c.relpersistence = 'u' AND c.oid = ANY ('{%s}')");
  }

  private Set<Long> ask(Collection<Table> tables, String query) throws SQLException {
    String oids =
        tables.stream()
            .map(table -> String.valueOf(table.facts().oid()))
            .collect(Collectors.joining(","));
    return new HashSet<>(session.query(query.formatted(oids), row -> row.getLong(1)));
  }

  private static boolean isIdentified(Table table, Map<Long, Boolean> identified) {
    @Nullable Boolean own = identified.get(table.facts().oid());
    boolean counts = table.facts().kind() == 'r';
    return (!counts || Boolean.TRUE.equals(own))
        && table.children().stream().allMatch(child -> isIdentified(child, identified));
  }

  private Map<Long, Boolean> identified(Collection<Table> tables) throws SQLException {
    Set<Long> oids = new TreeSet<>();
    tables.forEach(table -> collect(table, oids));
    Map<Long, Boolean> identified = new HashMap<>();
    if (!oids.isEmpty()) {
      session
          .query(
              """
              SELECT c.oid, %s
              FROM pg_catalog.pg_class c WHERE c.oid = ANY ('{%s}')
              """
                  .formatted(
                      IDENTIFIED,
                      oids.stream().map(String::valueOf).collect(Collectors.joining(","))),
              row -> Map.entry(row.getLong(1), row.getBoolean(2)))
          .forEach(entry -> identified.put(entry.getKey(), entry.getValue()));
    }
    return identified;
  }

  private static void collect(Table table, Set<Long> oids) {
    oids.add(table.facts().oid());
    table.children().forEach(child -> collect(child, oids));
  }
}
