package dev.tapline.source.postgres.replication.publication;

import dev.tapline.source.postgres.catalog.Table;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// Which table goes into which of our two publications: the one of all changes, or the one of
/// inserts and truncates.
///
/// A partitioned table whose next partition would have no replica identity is in the second one,
/// and those of its partitions that have one are in the first as well: what two publications
/// publish of a table adds up. So a partition that somebody makes later can be updated by the
/// application, whatever it has.
final class PublicationAssignment {
  private static final int WITH_PARTITIONED_ROOTS = 130_000;

  /// The tables of which all is published, as a statement names them, by number.
  final Map<Long, String> all = new LinkedHashMap<>();

  /// The tables of which inserts are published.
  final Map<Long, String> inserts = new LinkedHashMap<>();

  private final ReplicaIdentities identities;
  private final Set<Long> parents;
  private final boolean roots;

  /// @param parents the numbers of tables from which others inherit
  PublicationAssignment(ReplicaIdentities identities, Set<Long> parents, int version) {
    this(identities, parents, version >= WITH_PARTITIONED_ROOTS);
  }

  private PublicationAssignment(ReplicaIdentities identities, Set<Long> parents, boolean roots) {
    this.identities = identities;
    this.parents = parents;
    this.roots = roots;
  }

  /// Another one, of the same facts.
  PublicationAssignment empty() {
    return new PublicationAssignment(identities, parents, roots);
  }

  /// Adds a table with all that is beneath it.
  void add(Table table) {
    switch (table.facts().kind()) {
      case 'p' -> {
        if (roots && identities.areSure(table)) {
          put(all, table);
        } else if (roots) {
          put(inserts, table);
          table.children().forEach(this::addIdentified);
        } else {
          table.children().forEach(this::add);
        }
      }
      case 'r' -> {
        put(identities.identified().contains(table.facts().oid()) ? all : inserts, table);
        table.children().forEach(this::add);
      }
      default -> {}
    }
  }

  // Its root is in the publication of inserts.
  private void addIdentified(Table table) {
    if (table.facts().kind() == 'p' && !identities.areSure(table)) {
      table.children().forEach(this::addIdentified);
    } else if (table.facts().kind() == 'p'
        || identities.identified().contains(table.facts().oid())) {
      put(all, table);
    }
  }

  /// Leaves a table and what is beneath it where they are, but for what must not stay there: what
  /// has no replica identity any more, or may get a partition without.
  void keep(Table table, Set<Long> inAll, Set<Long> inInserts) {
    for (Table member : table.withDescendants()) {
      if (inInserts.contains(member.facts().oid())) {
        put(inserts, member);
      }
      if (inAll.contains(member.facts().oid())) {
        boolean fits =
            member.facts().kind() == 'p'
                ? identities.areSure(member)
                : identities.identified().contains(member.facts().oid());
        if (fits) {
          put(all, member);
        } else {
          put(inserts, member);
          if (member.facts().kind() == 'p') {
            member.children().forEach(this::addIdentified);
          }
        }
      }
    }
  }

  // What inherits from a table is named by itself: a temporary one, which others may have made,
  // cannot be published.
  private void put(Map<Long, String> publication, Table table) {
    publication.put(
        table.facts().oid(),
        (parents.contains(table.facts().oid()) ? "ONLY " : "") + table.facts().quoted());
  }
}
