package dev.tapline.source.postgres.replication.facts;

import dev.tapline.source.postgres.catalog.CatalogText;
import dev.tapline.source.postgres.connection.Session;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Tells which partitions and children are new, and which tables have stopped being one.
///
/// A table that was created by `PARTITION OF` or `INHERITS` has never had a row that was not its
/// parent's. One that was attached later may have. The catalog tells them apart: the row of
/// `pg_inherits`, and the rows of inherited columns that were never altered, were written by the
/// command that created the table.
final class MemberHistory {
  // Until the first VACUUM or ANALYZE.
  private static final int WITH_UNKNOWN_ROWS = 140_000;

  private final Set<Long> born = new HashSet<>();
  private final Set<Long> empty = new HashSet<>();
  private final Set<Long> untouched = new HashSet<>();
  private final Map<Long, String> names = new HashMap<>();

  private MemberHistory() {}

  private record Row(long oid, String name, boolean born, boolean empty, boolean untouched) {}

  /// @param oids numbers of tables, those that are gone included
  static MemberHistory read(Session session, Collection<Long> oids) throws SQLException {
    MemberHistory newcomers = new MemberHistory();
    if (oids.isEmpty()) {
      return newcomers;
    }
    CatalogText text = CatalogText.of(session);
    String query =
        """
        SELECT c.oid, %s,
               NOT EXISTS (SELECT 1 FROM pg_catalog.pg_inherits i
                           WHERE i.inhrelid = c.oid AND i.xmin::pg_catalog.text <> m.xmin::pg_catalog.text)
               AND EXISTS (SELECT 1 FROM pg_catalog.pg_attribute a
                           WHERE a.attrelid = c.oid AND a.attnum > 0 AND a.attinhcount > 0
                             AND a.xmin::pg_catalog.text = m.xmin::pg_catalog.text
                             AND a.cmin::pg_catalog.text = m.cmin::pg_catalog.text)
               AND (c.relkind <> 'r' OR pg_catalog.pg_relation_filenode(c.oid) = c.oid),
               c.relkind = 'p' OR (c.relkind = 'r' AND pg_catalog.pg_relation_size(c.oid) = 0),
               c.relkind = 'r' AND pg_catalog.pg_relation_size(c.oid) = 0
               AND pg_catalog.pg_relation_filenode(c.oid) = c.oid AND %s AND c.relpages = 0
               AND coalesce(pg_catalog.pg_stat_get_tuples_inserted(c.oid), 0) = 0
        FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_catalog.pg_attribute m ON m.attrelid = c.oid AND m.attnum = -1
        WHERE c.oid = ANY ('{%s}')
        """
            .formatted(
                text.sql("n.nspname || '.' || c.relname"),
                session.version() >= WITH_UNKNOWN_ROWS ? "c.reltuples = -1" : "c.reltuples = 0",
                oids.stream().map(String::valueOf).collect(Collectors.joining(",")));
    for (Row row :
        session.query(
            query,
            it ->
                new Row(
                    it.getLong(1),
                    text.read(it, 2),
                    it.getBoolean(3),
                    it.getBoolean(4),
                    it.getBoolean(5)))) {
      newcomers.names.put(row.oid(), row.name());
      if (row.born()) {
        newcomers.born.add(row.oid());
      }
      if (row.empty()) {
        newcomers.empty.add(row.oid());
      }
      if (row.untouched()) {
        newcomers.untouched.add(row.oid());
      }
    }
    return newcomers;
  }

  /// Whether a table was made as what it is.
  boolean isBorn(long oid) {
    return born.contains(oid);
  }

  /// Whether a table has no row, nor room for one.
  boolean isEmpty(long oid) {
    return empty.contains(oid);
  }

  /// Whether a table has never had a row, as far as the server remembers.
  boolean isUntouched(long oid) {
    return untouched.contains(oid);
  }

  /// Whether a table is still there.
  boolean isThere(long oid) {
    return names.containsKey(oid);
  }

  /// What to call a table.
  String name(long oid) {
    return names.getOrDefault(oid, "with oid " + oid);
  }
}
