package dev.tapline.source.postgres.snapshot;

import dev.tapline.source.postgres.catalog.Table;
import dev.tapline.source.postgres.connection.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Finds the tables that views read, through other views, partitions and inheritance. A view has no
/// rows of its own: whether the rows that a snapshot has seen of it still exist depends on its
/// tables.
///
/// Tables that a view reads inside functions are not known to the catalog, and so not found.
final class ViewTables {
  private static final int FIRST_USER_OID = 16_384;

  private record Reads(long view, long table) {}

  private ViewTables() {}

  /// The numbers of the tables beneath each view, by the view's number.
  ///
  /// @param session in the transaction of the snapshot
  static Map<Long, List<Long>> of(Session session, Collection<Table> tables) throws SQLException {
    String views =
        tables.stream()
            .filter(table -> table.facts().kind() == 'v')
            .map(table -> String.valueOf(table.facts().oid()))
            .collect(Collectors.joining(","));
    Map<Long, List<Long>> beneath = new HashMap<>();
    if (!views.isEmpty()) {
      session
          .query(query(views), row -> new Reads(row.getLong(1), row.getLong(2)))
          .forEach(reads ->
              beneath.computeIfAbsent(reads.view(), view -> new ArrayList<>()).add(reads.table()));
    }
    return beneath;
  }

  // A view's rule depends on what the view reads. The catalog's own tables change their files
  // without
  // losing rows, and are left out.
  private static String query(String views) {
    return """
    WITH RECURSIVE reads (view, relation) AS (
      SELECT c.oid, c.oid FROM pg_catalog.pg_class c WHERE c.oid = ANY ('{%s}')
      UNION
      SELECT reads.view, next.relation
      FROM reads, LATERAL (
        SELECT d.refobjid AS relation
        FROM pg_catalog.pg_class v
        JOIN pg_catalog.pg_rewrite r ON r.ev_class = v.oid AND r.ev_type = '1'
        JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
          AND d.objid = r.oid AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
        WHERE v.oid = reads.relation AND v.relkind = 'v'
        UNION ALL
        SELECT i.inhrelid FROM pg_catalog.pg_inherits i WHERE i.inhparent = reads.relation
      ) next
    )
    SELECT reads.view, reads.relation
    FROM reads JOIN pg_catalog.pg_class c ON c.oid = reads.relation
    WHERE c.relkind IN ('r', 'm') AND c.oid >= %d
    """
        .formatted(views, FIRST_USER_OID);
  }
}
