package dev.tapline.source.postgres.replication.facts;

import dev.tapline.source.postgres.catalog.CatalogQueries;
import dev.tapline.source.postgres.catalog.CatalogText;
import dev.tapline.source.postgres.catalog.Column;
import dev.tapline.source.postgres.catalog.ColumnDigests;
import dev.tapline.source.postgres.catalog.Table;
import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.replication.publication.ReplicaIdentities;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.StreamName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads what positions rest on, for all streams of a database at once.
public final class FactReader {
  private static final int WITH_PARTITIONS = 100_000;
  private static final int WITH_TRUNCATE = 110_000;
  private static final String PGOUTPUT = "pgoutput";
  private static final String ROWS = "ud";

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
  private final Log log;
  private final PublicationEntries publications;
  private final Map<Long, List<Edge>> above = new HashMap<>();
  private final Map<Long, List<Long>> beneath = new HashMap<>();
  private final Map<Long, Relation> relations = new HashMap<>();

  /// The log that is read.
  ///
  /// @param server whose
  /// @param slot through which slot
  /// @param plugin by which output plug-in
  /// @param format in which format of wal2json
  /// @param publications the publications, where the plug-in knows them
  public record Log(
      ServerIdentity server, String slot, String plugin, String format, List<String> publications) {
    /// Copies the list.
    public Log {
      publications = List.copyOf(publications);
    }

    boolean goesByPublication() {
      return plugin.equals(PGOUTPUT);
    }
  }

  /// A stream and its table.
  ///
  /// @param name the stream's
  /// @param schema the fields that come
  /// @param table its table
  public record Followed(StreamName name, Schema schema, Table table) {}

  /// What was read of one stream.
  ///
  /// @param facts what its position rests on
  /// @param names the names of its tables, by number
  /// @param parents the tables above each of them that are its tables too
  /// @param unpublished those of its tables of which no publication tells
  /// @param late those of its tables whose updates and deletes could come and do not, since a
  ///   publication of ours that has inserts only has them
  /// @param identities the replica identity of each of its tables that holds rows, in words, where
  ///   changes are published as the root's
  /// @param rootIdentity the replica identity of its own table
  /// @param columns its table's columns that may be read, by number
  /// @param numbers the numbers of all of them
  /// @param entered those of its tables that are published, in whole or in part, by an entry of
  ///   their own: rows may have been written to them before it was made
  public record Present(
      StreamFacts facts,
      Map<Long, String> names,
      Map<Long, Set<Long>> parents,
      Set<Long> unpublished,
      Set<Long> late,
      Map<Long, String> identities,
      String rootIdentity,
      Map<Integer, Column> columns,
      SortedSet<Integer> numbers,
      Set<Long> entered) {
    /// The operations of its table that do not come, but for those that a missing replica identity
    /// keeps from coming; letters of [PublishedOperations].
    public String missing() {
      String missing = PublishedOperations.without(PublishedOperations.ALL, facts.operations());
      boolean identified = facts.members().values().stream().allMatch(MemberTable::identified);
      return identified ? missing : PublishedOperations.without(missing, "ud");
    }

    /// The columns that the stream brings.
    List<Column> brought() {
      return columns.values().stream().filter(column -> brings(column.number())).toList();
    }

    /// Whether the stream brings a column.
    boolean brings(int column) {
      return columns.containsKey(column) && !facts.absent().contains(column);
    }
  }

  private record Edge(long parent, long child, String version) {}

  private record Relation(
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

  private FactReader(Session session, Log log) throws SQLException {
    this.session = session;
    this.log = log;
    this.publications =
        PublicationEntries.read(session, log.goesByPublication() ? log.publications() : List.of());
  }

  /// Reads them.
  ///
  /// @param session a session with the database
  public static Map<StreamName, Present> read(
      Session session, Log log, Collection<Followed> streams) throws SQLException {
    FactReader reader = new FactReader(session, log);
    Map<StreamName, Set<Long>> members = new HashMap<>();
    reader.readEdges();
    Set<Long> all = new TreeSet<>();
    for (Followed followed : streams) {
      Set<Long> own = reader.withBeneath(followed.table().facts().oid());
      members.put(followed.name(), own);
      all.addAll(own);
    }
    reader.readRelations(all);
    Map<StreamName, Present> present = new HashMap<>();
    Map<Long, Map<String, Integer>> numbers = reader.numbersOfUnreadable(streams);
    for (Followed followed : streams) {
      if (!reader.relations.containsKey(followed.table().facts().oid())) {
        // Dropped meanwhile: whoever reads it finds out.
        continue;
      }
      present.put(
          followed.name(),
          reader.present(
              followed,
              members.getOrDefault(followed.name(), Set.of()),
              numbers.getOrDefault(followed.table().facts().oid(), Map.of())));
    }
    return present;
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

  private Set<Long> withBeneath(long root) {
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

  private void readRelations(Set<Long> oids) throws SQLException {
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
                    text.sql(publications.areViaRoot() ? IDENTITY : "''"),
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

  // Columns that the user may not read have no number in what was read of the tables.
  private Map<Long, Map<String, Integer>> numbersOfUnreadable(Collection<Followed> streams)
      throws SQLException {
    String oids =
        streams.stream()
            .map(Followed::table)
            .filter(table -> !table.hidden().isEmpty())
            .map(table -> String.valueOf(table.facts().oid()))
            .collect(Collectors.joining(","));
    Map<Long, Map<String, Integer>> numbers = new HashMap<>();
    if (!oids.isEmpty()) {
      CatalogText text = CatalogText.of(session);
      session
          .query(
              """
              SELECT a.attrelid, %s, a.attnum FROM pg_catalog.pg_attribute a
              WHERE a.attrelid = ANY ('{%s}') AND a.attnum > 0 AND NOT a.attisdropped
              """
                  .formatted(text.sql("a.attname"), oids),
              row -> Map.entry(row.getLong(1), Map.entry(text.read(row, 2), row.getInt(3))))
          .forEach(entry ->
              numbers
                  .computeIfAbsent(entry.getKey(), _ -> new HashMap<>())
                  .put(entry.getValue().getKey(), entry.getValue().getValue()));
    }
    return numbers;
  }

  private Present present(Followed followed, Set<Long> oids, Map<String, Integer> numbers) {
    long root = followed.table().facts().oid();
    List<Relation> found =
        oids.stream().map(relations::get).filter(relation -> relation != null).toList();
    Map<Long, Set<Long>> parents = new HashMap<>();
    Map<Long, String> names = new HashMap<>();
    Map<Long, String> identities = new HashMap<>();
    Set<Long> unpublished = new HashSet<>();
    Set<Long> late = new HashSet<>();
    Set<PublicationEntries.Publication> publishing = new HashSet<>();
    String operations = PublishedOperations.ALL;
    boolean listed = false;
    for (Relation relation : found) {
      names.put(relation.oid(), relation.name());
      Set<Long> own = new TreeSet<>();
      for (Edge edge : above.getOrDefault(relation.oid(), List.of())) {
        if (oids.contains(edge.parent()) && relation.oid() != root) {
          own.add(edge.parent());
        }
      }
      parents.put(relation.oid(), own);
    }
    for (Relation relation : found) {
      Set<PublicationEntries.Publication> its = publishing(relation.oid());
      publishing.addAll(its);
      listed |= publications.isListed(relation.oid());
      if (relation.kind() != 'r') {
        continue;
      }
      identities.put(relation.oid(), relation.identity());
      String told = operations(its);
      if (log.goesByPublication()) {
        operations = PublishedOperations.common(operations, told);
        if (its.isEmpty()) {
          unpublished.add(relation.oid());
        } else if (log.publications().size() > 1
            && relation.identified()
            && PublishedOperations.common(ROWS, told).length() < ROWS.length()) {
          late.add(relation.oid());
        }
      }
    }
    if (!tellsTruncate()) {
      operations = PublishedOperations.without(operations, "t");
    }
    boolean viaRoot =
        publishing.stream().anyMatch(PublicationEntries.Publication::viaRoot)
            && found.size() > 1
            && relations.containsKey(root)
            && relations.get(root).kind() == 'p';
    boolean files = !PublishedOperations.tellTruncate(operations) || viaRoot;
    TreeMap<Long, MemberTable> members = new TreeMap<>();
    for (Relation relation : found) {
      // One whose updates are missing is no part of what a position rests on until they come.
      if (!late.contains(relation.oid()) || relation.oid() == root) {
        members.put(relation.oid(), member(relation, oids, root, files));
      }
    }
    return new Present(
        new StreamFacts(
            log.server().systemId(),
            log.server().timeline(),
            log.slot(),
            log.plugin(),
            operations,
            viaRoot,
            publishing.stream()
                .map(PublicationEntries.Publication::identity)
                .sorted()
                .collect(Collectors.joining(" ")),
            listed ? highest(followed, numbers) : 0,
            absent(followed, numbers),
            ColumnDigests.of(brought(followed), followed.table().numbers()),
            members,
            new TreeSet<>()),
        names,
        parents,
        unpublished,
        late,
        identities,
        relations.containsKey(root) ? relations.get(root).identity() : "",
        followed.table().columns().stream()
            .collect(Collectors.toMap(Column::number, column -> column)),
        followed.table().numbers(),
        oids.stream().filter(oid -> isEntered(oid, root)).collect(Collectors.toSet()));
  }

  // What comes from above, a table has from the beginning: by a publication of all tables or of the
  // schema that is the root's too, and a partition by what it is a partition of.
  private boolean isEntered(long oid, long root) {
    Relation relation = relations.get(oid);
    Relation top = relations.get(root);
    if (relation == null || top == null || !log.goesByPublication()) {
      return false;
    }
    Set<PublicationEntries.Publication> inherited =
        new HashSet<>(publications.besideTables(top.schema()));
    if (relation.schema() != top.schema()) {
      inherited.removeIf(publication -> !publication.all());
    }
    if (relation.partition()) {
      for (Edge edge : above.getOrDefault(oid, List.of())) {
        inherited.addAll(publishing(edge.parent()));
      }
    }
    return !PublishedOperations.without(operations(publishing(oid)), operations(inherited))
        .isEmpty();
  }

  private static String operations(Set<PublicationEntries.Publication> publications) {
    return publications.stream()
        .map(PublicationEntries.Publication::operations)
        .reduce("", PublishedOperations::union);
  }

  private static List<Column> brought(Followed followed) {
    return followed.table().columns().stream()
        .filter(column -> followed.schema().indexOf(column.field().name()) >= 0)
        .toList();
  }

  // A partition is published with what it is a partition of; what only inherits is not.
  private Set<PublicationEntries.Publication> publishing(long oid) {
    Relation relation = relations.get(oid);
    if (relation == null) {
      return Set.of();
    }
    Set<PublicationEntries.Publication> found =
        new HashSet<>(publications.of(oid, relation.schema()));
    if (relation.partition()) {
      for (Edge edge : above.getOrDefault(oid, List.of())) {
        found.addAll(publishing(edge.parent()));
      }
    }
    return found;
  }

  private boolean tellsTruncate() {
    return session.version() >= WITH_TRUNCATE
        && (log.goesByPublication() || !log.format().equals("1"));
  }

  private MemberTable member(Relation relation, Set<Long> oids, long root, boolean files) {
    String link =
        relation.oid() == root
            ? ""
            : above.getOrDefault(relation.oid(), List.of()).stream()
                .filter(edge -> oids.contains(edge.parent()))
                .map(Edge::version)
                .collect(Collectors.joining("&"));
    boolean byName = !log.goesByPublication() || publications.isBySchema(relation.schema());
    return new MemberTable(
        relation.oid(),
        link,
        publications.belonging(relation.oid(), relation.schema()),
        byName ? relation.nameVersion() : "",
        files ? relation.file() : 0,
        relation.unlogged(),
        relation.kind() != 'r' || relation.identified());
  }

  private static int highest(Followed followed, Map<String, Integer> numbers) {
    return java.util.stream.IntStream.concat(
            followed.table().columns().stream().mapToInt(Column::number),
            numbers.values().stream().mapToInt(Integer::intValue))
        .max()
        .orElse(1);
  }

  private static SortedSet<Integer> absent(Followed followed, Map<String, Integer> numbers) {
    TreeSet<Integer> absent = new TreeSet<>();
    for (Column column : followed.table().columns()) {
      if (followed.schema().indexOf(column.field().name()) < 0) {
        absent.add(column.number());
      }
    }
    followed.table().hidden().stream()
        .map(numbers::get)
        .filter(number -> number != null)
        .forEach(absent::add);
    return absent;
  }
}
