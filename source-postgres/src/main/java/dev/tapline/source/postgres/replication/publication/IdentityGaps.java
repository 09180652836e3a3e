package dev.tapline.source.postgres.replication.publication;

import dev.tapline.source.postgres.catalog.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Which changes of a stream are missing from the log for lack of a replica identity, now or in
/// future partitions.
public final class IdentityGaps {
  private static final int MAX_NAMED = 3;

  private IdentityGaps() {}

  /// A loss.
  ///
  /// @param problem what does not come, and why
  /// @param remedy the statement
  public record Loss(String problem, String remedy) {}

  /// Those of a stream.
  public static List<Loss> of(Table root, ReplicaIdentities identities) {
    List<Loss> losses = new ArrayList<>();
    List<Table> missing = identities.missing(root);
    if (!missing.isEmpty()) {
      Table first = missing.getFirst();
      losses.add(
          new Loss(
              missing.size() == 1 && first.isSameAs(root)
                  ? "it has no replica identity: the log tells of its INSERT, but not of its UPDATE and DELETE"
                  : "%s no replica identity: the log tells of INSERT into %s, but not of UPDATE and DELETE"
                      .formatted(named(root, missing), missing.size() == 1 ? "it" : "them"),
              "ALTER TABLE %s%s REPLICA IDENTITY FULL;"
                  .formatted(
                      first.facts().kind() == 'r' && !first.children().isEmpty() ? "ONLY " : "",
                      first.facts().quoted())));
    }
    for (Table partitioned : identities.withoutKeyToInherit(root)) {
      losses.add(
          new Loss(
              "%s no primary key: a partition that is made of it from now on has no replica identity, so that its UPDATE and DELETE do not come"
                  .formatted(
                      partitioned.isSameAs(root)
                          ? "it has"
                          : "its partition " + partitioned.facts().quoted() + " has"),
              "ALTER TABLE %s ADD PRIMARY KEY (...); or have whoever makes partitions say ALTER TABLE ... REPLICA IDENTITY FULL; of each"
                  .formatted(partitioned.facts().quoted())));
    }
    return losses;
  }

  /// What a publication of somebody else's that publishes updates does to the application that
  /// writes to a stream's tables.
  public static List<Loss> harm(Table root, ReplicaIdentities identities, String publication) {
    String because =
        "publication '%s' publishes updates, so the application's UPDATE and DELETE of "
            .formatted(publication);
    List<Loss> harm = new ArrayList<>();
    List<Table> missing = identities.missing(root);
    if (!missing.isEmpty()) {
      Table first = missing.getFirst();
      harm.add(
          new Loss(
              because
                  + first.facts().quoted()
                  + (missing.size() > 1 ? " and %d more".formatted(missing.size() - 1) : "")
                  + " fail for lack of a replica identity",
              "ALTER TABLE %s REPLICA IDENTITY FULL;".formatted(first.facts().quoted())));
    }
    for (Table partitioned : identities.withoutKeyToInherit(root)) {
      harm.add(
          new Loss(
              because
                  + "a partition that is made of it from now on fail until that has a replica identity",
              "ALTER TABLE %s ADD PRIMARY KEY (...);".formatted(partitioned.facts().quoted())));
    }
    return harm;
  }

  private static String named(Table root, List<Table> missing) {
    String names =
        missing.stream()
            .limit(MAX_NAMED)
            .map(table ->
                table.isSameAs(root)
                    ? "it"
                    : (table.facts().partition() ? "its partition " : "its child table ")
                        + table.facts().quoted())
            .collect(Collectors.joining(", "));
    int more = missing.size() - MAX_NAMED;
    return names
        + (more > 0 ? " and " + more + " more" : "")
        + (missing.size() == 1 ? " has" : " have");
  }
}
