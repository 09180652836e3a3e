package dev.tapline.source.postgres.catalog;

import java.util.Collection;
import java.util.stream.Collectors;

/// The SQL of discovery, for every server version from 9.3 on. Each query covers all tables at
/// once.
public final class CatalogQueries {
  private static final int VERSION_WITH_REPLICA_IDENTITY = 90_400;
  private static final int VERSION_WITH_PENDING_DETACH = 140_000;
  private static final int VERSION_WITH_PARTITIONS = 100_000;
  private static final int VERSION_WITH_INCLUDED_COLUMNS = 110_000;
  private static final int VERSION_WITH_MISSING_VALUES = 110_000;

  // Names that begin with pg_ are reserved for the system: its catalog, TOAST, temporary tables.
  private static final String OF_USERS =
      """
      c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relpersistence <> 't'
        AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'\
      """;

  private final int version;
  private final CatalogText text;
  private final String condition;

  /// @param version the server's
  /// @param text how to ask for names and comments
  /// @param oids the only tables to look at; empty for all
  CatalogQueries(int version, CatalogText text, Collection<Long> oids) {
    this.version = version;
    this.text = text;
    this.condition =
        oids.isEmpty()
            ? OF_USERS
            : OF_USERS
                + oids.stream()
                    .map(String::valueOf)
                    .collect(Collectors.joining(",", " AND c.oid = ANY ('{", "}')"));
  }

  /// @param sizes whether to ask for sizes as they are now, for which the server must open each
  ///   table
  String tables(boolean sizes) {
    return """
    SELECT c.oid, %s, %s, c.relkind, %s, c.reltuples, c.relpages,
           %s, %s,
           pg_catalog.has_schema_privilege(n.oid, 'USAGE'),
           pg_catalog.has_table_privilege(c.oid, 'SELECT'),
           %s
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_description d
      ON d.objoid = c.oid AND d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objsubid = 0
    WHERE %s
    """
        .formatted(
            text.sql("n.nspname"),
            text.sql("c.relname"),
            version >= VERSION_WITH_PARTITIONS ? "c.relispartition" : "false",
            size(sizes, "pg_catalog.pg_table_size(c.oid)"),
            size(sizes, "pg_catalog.pg_relation_size(c.oid)"),
            text.sql("d.description"),
            condition);
  }

  private static String size(boolean sizes, String function) {
    return sizes ? "CASE WHEN c.relkind IN ('r', 'm') THEN " + function + " END" : "NULL::bigint";
  }

  String columns() {
    return """
    SELECT a.attrelid, a.attnum, %s, a.atttypid, a.atttypmod, %s, a.attnotnull,
           pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'SELECT'), %s, t.typlen,
           a.atthasdef OR a.attnotnull OR %s OR t.typdefault IS NOT NULL OR c.relkind NOT IN ('r', 'p')
    FROM pg_catalog.pg_attribute a
    JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_catalog.pg_description d
      ON d.objoid = a.attrelid AND d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass
         AND d.objsubid = a.attnum
    WHERE a.attnum > 0 AND NOT a.attisdropped AND %s
    ORDER BY a.attrelid, a.attnum
    """
        .formatted(
            text.sql("a.attname"),
            text.sql("pg_catalog.format_type(a.atttypid, a.atttypmod)"),
            text.sql("d.description"),
            generated(),
            condition);
  }

  // That a column had a default when it was added, or is an identity column.
  private String generated() {
    return (version >= VERSION_WITH_MISSING_VALUES ? "a.atthasmissing" : "false")
        + " OR "
        + (version >= VERSION_WITH_PARTITIONS ? "a.attidentity <> ''" : "false");
  }

  /// Table, and the numbers of the key's columns separated by spaces: of the primary key, or where
  /// there is none of the index that is the replica identity.
  String keys() {
    return """
    SELECT i.indrelid, pg_catalog.array_to_string((i.indkey::pg_catalog.int2[])[0:%s - 1], ' ')
    FROM pg_catalog.pg_index i
    JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE %s
      AND (i.indisprimary
           OR (%s AND i.indisvalid
               AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_index k
                               WHERE k.indrelid = i.indrelid AND k.indisprimary)))
    """
        .formatted(
            version >= VERSION_WITH_INCLUDED_COLUMNS ? "i.indnkeyatts" : "i.indnatts",
            condition,
            version >= VERSION_WITH_REPLICA_IDENTITY ? "i.indisreplident" : "false");
  }

  /// Parent, child.
  static String children(int version) {
    return "SELECT i.inhparent, i.inhrelid FROM pg_catalog.pg_inherits i WHERE %s ORDER BY i.inhparent, i.inhrelid"
        .formatted(isInherited(version));
  }

  /// The condition that a row `i` of `pg_inherits` counts: of a partition that is being detached
  /// (`DETACH PARTITION ... CONCURRENTLY`) it does not.
  public static String isInherited(int version) {
    return version >= VERSION_WITH_PENDING_DETACH ? "NOT i.inhdetachpending" : "true";
  }
}
