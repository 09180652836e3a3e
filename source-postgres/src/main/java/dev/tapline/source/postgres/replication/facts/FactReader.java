package dev.tapline.source.postgres.replication.facts;

import dev.tapline.source.postgres.catalog.Column;
import dev.tapline.source.postgres.catalog.ColumnDigests;
import dev.tapline.source.postgres.connection.Session;
import dev.tapline.spi.catalog.StreamName;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads what positions rest on, for all streams of a database at once.
public final class FactReader {
  private static final int WITH_TRUNCATE = 110_000;
  private static final String ROWS = "ud";

  private final Session session;
  private final LogDescription log;
  private final PublicationEntries publications;
  private final InheritanceTree tree;
  private final ColumnFacts columns;

  private FactReader(Session session, LogDescription log, Collection<StreamTable> streams)
      throws SQLException {
    this.session = session;
    this.log = log;
    this.publications =
        PublicationEntries.read(session, log.goesByPublication() ? log.publications() : List.of());
    this.tree = InheritanceTree.read(session);
    this.columns = ColumnFacts.read(session, streams);
  }

  /// Reads them.
  ///
  /// @param session a session with the database
  public static Map<StreamName, CurrentFacts> read(
      Session session, LogDescription log, Collection<StreamTable> streams) throws SQLException {
    return new FactReader(session, log, streams).read(streams);
  }

  private Map<StreamName, CurrentFacts> read(Collection<StreamTable> streams) throws SQLException {
    Map<StreamName, Set<Long>> members = new HashMap<>();
    Set<Long> all = new TreeSet<>();
    for (StreamTable stream : streams) {
      Set<Long> own = tree.withBeneath(stream.table().facts().oid());
      members.put(stream.name(), own);
      all.addAll(own);
    }
    tree.readRelations(all, publications.areViaRoot());
    Map<StreamName, CurrentFacts> current = new HashMap<>();
    for (StreamTable stream : streams) {
      // One that was dropped meanwhile is left out: whoever reads it finds out.
      if (tree.relation(stream.table().facts().oid()) != null) {
        current.put(stream.name(), current(stream, members.getOrDefault(stream.name(), Set.of())));
      }
    }
    return current;
  }

  private CurrentFacts current(StreamTable stream, Set<Long> oids) {
    long root = stream.table().facts().oid();
    InheritanceTree.@Nullable Relation top = tree.relation(root);
    List<InheritanceTree.Relation> found =
        oids.stream().map(tree::relation).filter(relation -> relation != null).toList();
    Map<Long, Set<Long>> parents = new HashMap<>();
    Map<Long, String> names = new HashMap<>();
    Map<Long, String> identities = new HashMap<>();
    Set<Long> unpublished = new HashSet<>();
    Set<Long> late = new HashSet<>();
    Set<PublicationEntries.Publication> publishing = new HashSet<>();
    String operations = PublishedOperations.ALL;
    boolean listed = false;
    for (InheritanceTree.Relation relation : found) {
      names.put(relation.oid(), relation.name());
      Set<Long> own = new TreeSet<>();
      for (InheritanceTree.Edge edge : tree.above(relation.oid())) {
        if (oids.contains(edge.parent()) && relation.oid() != root) {
          own.add(edge.parent());
        }
      }
      parents.put(relation.oid(), own);
    }
    for (InheritanceTree.Relation relation : found) {
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
            && top != null
            && top.kind() == 'p';
    boolean files = !PublishedOperations.includeTruncate(operations) || viaRoot;
    TreeMap<Long, MemberTable> members = new TreeMap<>();
    for (InheritanceTree.Relation relation : found) {
      // One whose updates are missing is no part of what a position rests on until they come.
      if (!late.contains(relation.oid()) || relation.oid() == root) {
        members.put(relation.oid(), member(relation, oids, root, files));
      }
    }
    return new CurrentFacts(
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
            listed ? columns.highest(stream) : 0,
            columns.absent(stream),
            ColumnDigests.of(ColumnFacts.brought(stream), stream.table().numbers()),
            members,
            new TreeSet<>()),
        names,
        parents,
        unpublished,
        late,
        identities,
        top == null ? "" : top.identity(),
        stream.table().columns().stream()
            .collect(Collectors.toMap(Column::number, column -> column)),
        stream.table().numbers(),
        oids.stream().filter(oid -> isEntered(oid, root)).collect(Collectors.toSet()));
  }

  // What comes from above, a table has from the beginning: by a publication of all tables or of the
  // schema that is the root's too, and a partition by what it is a partition of.
  private boolean isEntered(long oid, long root) {
    InheritanceTree.@Nullable Relation relation = tree.relation(oid);
    InheritanceTree.@Nullable Relation top = tree.relation(root);
    if (relation == null || top == null || !log.goesByPublication()) {
      return false;
    }
    Set<PublicationEntries.Publication> inherited =
        new HashSet<>(publications.besideTables(top.schema()));
    if (relation.schema() != top.schema()) {
      inherited.removeIf(publication -> !publication.all());
    }
    if (relation.partition()) {
      for (InheritanceTree.Edge edge : tree.above(oid)) {
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

  // A partition is published with what it is a partition of; what only inherits is not.
  private Set<PublicationEntries.Publication> publishing(long oid) {
    InheritanceTree.@Nullable Relation relation = tree.relation(oid);
    if (relation == null) {
      return Set.of();
    }
    Set<PublicationEntries.Publication> found =
        new HashSet<>(publications.of(oid, relation.schema()));
    if (relation.partition()) {
      for (InheritanceTree.Edge edge : tree.above(oid)) {
        found.addAll(publishing(edge.parent()));
      }
    }
    return found;
  }

  private boolean tellsTruncate() {
    return session.version() >= WITH_TRUNCATE
        && (log.goesByPublication() || !log.format().equals("1"));
  }

  private MemberTable member(
      InheritanceTree.Relation relation, Set<Long> oids, long root, boolean files) {
    String link =
        relation.oid() == root
            ? ""
            : tree.above(relation.oid()).stream()
                .filter(edge -> oids.contains(edge.parent()))
                .map(InheritanceTree.Edge::version)
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
}
