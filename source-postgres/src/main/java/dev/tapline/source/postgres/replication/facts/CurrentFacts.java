package dev.tapline.source.postgres.replication.facts;

import dev.tapline.source.postgres.catalog.Column;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;

/// What is true now of one stream and its tables.
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
/// @param entered those of its tables that are published, in whole or in part, by an entry of their
///   own: rows may have been written to them before it was made
public record CurrentFacts(
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
