package dev.tapline.source.postgres.replication.facts;

import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.sql.Quote;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The publications that a log is read with, and what belongs to them: tables, schemas or
/// everything.
final class PublicationEntries {
  private static final int WITH_TRUNCATE = 110_000;
  private static final int WITH_VIA_ROOT = 130_000;
  private static final int WITH_SCHEMAS_AND_LISTS = 150_000;

  private final Map<Long, Publication> publications = new LinkedHashMap<>();
  private final Map<Long, List<Entry>> tables = new HashMap<>();
  private final Map<Long, List<Entry>> schemas = new HashMap<>();
  private final Set<Long> listed = new HashSet<>();

  /// A publication.
  ///
  /// @param oid its number
  /// @param version the `xmin` of its row, which each ALTER of its options changes
  /// @param all whether it has all tables
  record Publication(
      long oid, String name, String version, boolean all, String operations, boolean viaRoot) {
    String identity() {
      return oid + "." + version;
    }
  }

  /// That a table or a schema belongs to a publication.
  ///
  /// @param oid the number of the entry, which is another one when it was taken out and put back
  record Entry(Publication publication, long oid) {}

  static PublicationEntries read(Session session, List<String> names) throws SQLException {
    PublicationEntries entries = new PublicationEntries();
    if (!names.isEmpty()) {
      entries.readAll(session, names.stream().map(Quote::text).collect(Collectors.joining(",")));
    }
    return entries;
  }

  private void readAll(Session session, String names) throws SQLException {
    int version = session.version();
    session
        .query(
            """
            SELECT p.oid, p.pubname, p.xmin::pg_catalog.text, p.puballtables,
                   p.pubinsert, p.pubupdate, p.pubdelete, %s, %s
            FROM pg_catalog.pg_publication p WHERE p.pubname IN (%s) ORDER BY p.oid
            """
                .formatted(
                    version >= WITH_TRUNCATE ? "p.pubtruncate" : "false",
                    version >= WITH_VIA_ROOT ? "p.pubviaroot" : "false",
                    names),
            row ->
                new Publication(
                    row.getLong(1),
                    row.getString(2),
                    row.getString(3),
                    row.getBoolean(4),
                    (row.getBoolean(5) ? "i" : "")
                        + (row.getBoolean(6) ? "u" : "")
                        + (row.getBoolean(7) ? "d" : "")
                        + (row.getBoolean(8) ? "t" : ""),
                    row.getBoolean(9)))
        .forEach(publication -> publications.put(publication.oid(), publication));
    read(
        session,
        """
        SELECT r.prpubid, r.prrelid, r.oid, %s
        FROM pg_catalog.pg_publication_rel r
        JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid WHERE p.pubname IN (%s)
        ORDER BY r.oid
        """
            .formatted(
                version >= WITH_SCHEMAS_AND_LISTS ? "r.prattrs IS NOT NULL" : "false", names),
        tables);
    if (version >= WITH_SCHEMAS_AND_LISTS) {
      read(
          session,
          """
          SELECT s.pnpubid, s.pnnspid, s.oid, false
          FROM pg_catalog.pg_publication_namespace s
          JOIN pg_catalog.pg_publication p ON p.oid = s.pnpubid WHERE p.pubname IN (%s)
          ORDER BY s.oid
          """
              .formatted(names),
          schemas);
    }
  }

  private record Row(long publication, long of, long oid, boolean listed) {}

  private void read(Session session, String query, Map<Long, List<Entry>> into)
      throws SQLException {
    for (Row row :
        session.query(
            query, it -> new Row(it.getLong(1), it.getLong(2), it.getLong(3), it.getBoolean(4)))) {
      Publication publication = publications.get(row.publication());
      if (publication != null) {
        into.computeIfAbsent(row.of(), _ -> new ArrayList<>())
            .add(new Entry(publication, row.oid()));
        if (row.listed()) {
          listed.add(row.of());
        }
      }
    }
  }

  /// The publications that have a table, itself or by its schema.
  Set<Publication> of(long table, long schema) {
    Set<Publication> found = besideTables(schema);
    tables.getOrDefault(table, List.of()).forEach(entry -> found.add(entry.publication()));
    return found;
  }

  /// The publications that have all tables, or all of a schema.
  Set<Publication> besideTables(long schema) {
    Set<Publication> found =
        publications.values().stream().filter(Publication::all).collect(Collectors.toSet());
    schemas.getOrDefault(schema, List.of()).forEach(entry -> found.add(entry.publication()));
    return found;
  }

  /// What tells a table's belonging to publications from an earlier or later one.
  String belonging(long table, long schema) {
    List<Entry> entries = new ArrayList<>(tables.getOrDefault(table, List.of()));
    entries.addAll(schemas.getOrDefault(schema, List.of()));
    return entries.stream()
        .map(entry -> String.valueOf(entry.oid()))
        .collect(Collectors.joining("&"));
  }

  /// Whether a table belongs to a publication by its schema.
  boolean isBySchema(long schema) {
    return schemas.containsKey(schema);
  }

  /// Whether the publication sets `publish_via_partition_root`.
  boolean areViaRoot() {
    return publications.values().stream().anyMatch(Publication::viaRoot);
  }

  /// Whether a publication has a list of a table's columns.
  boolean isListed(long table) {
    return listed.contains(table);
  }
}
