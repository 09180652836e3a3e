package dev.tapline.source.postgres.replication.facts;

import dev.tapline.source.postgres.connection.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Compares what a position rested on with what is true now. This is the one place that decides
/// what follows from a difference.
public final class FactComparison {
  private static final int FEW = 3;

  private final Session session;
  private final boolean keepsRemoved;

  /// @param session a session with the database
  /// @param keepsRemoved whether the copy keeps the rows of partitions that are removed or
  ///   truncated
  public FactComparison(Session session, boolean keepsRemoved) {
    this.session = session;
    this.keepsRemoved = keepsRemoved;
  }

  /// What is not as it was, the gravest first.
  ///
  /// @param facts what the position rested on, as [StreamFacts#text()] has it; empty where that is
  ///   not known
  /// @param filter the row filter of then
  /// @param filterNow the row filter of now
  /// @param present what is true now
  /// @param late tables whose updates and deletes were not published until now
  public List<Difference> of(
      String facts, String filter, String filterNow, CurrentFacts present, Set<Long> late)
      throws SQLException {
    List<Difference> differences = new ArrayList<>();
    if (!filter.equals(filterNow)) {
      differences.add(refiltered(filter, filterNow));
    }
    if (!facts.isEmpty()) {
      StreamFacts before = StreamFacts.of(facts);
      publication(before, present.facts(), differences);
      differences.addAll(ColumnComparison.of(before, present));
      Set<Long> allLate = new TreeSet<>(late);
      allLate.addAll(present.late());
      members(before, present, allLate, differences);
      single(before, present, differences);
    }
    differences.sort((one, other) -> other.consequence().compareTo(one.consequence()));
    return differences;
  }

  /// What can never be right, whatever was before.
  public static List<Difference> always(CurrentFacts present) {
    List<Difference> differences = new ArrayList<>();
    List<Long> unlogged =
        present.facts().members().values().stream()
            .filter(MemberTable::unlogged)
            .map(MemberTable::oid)
            .toList();
    if (!unlogged.isEmpty()) {
      differences.add(
          unlogged(
              present.names().size() > 1
                  ? "table " + present.names().getOrDefault(unlogged.getFirst(), "")
                  : "it",
              present.names().getOrDefault(unlogged.getFirst(), "")));
    }
    boolean changes =
        present.facts().operations().contains("u") || present.facts().operations().contains("d");
    if (present.facts().viaRoot() && changes) {
      viaRoot(present, differences);
    }
    return differences;
  }

  /// Says which operations of a stream do not come.
  public static String missing(CurrentFacts present) {
    String missing = present.missing();
    String said = "its %s are not in the log".formatted(PublishedOperations.named(missing));
    String why =
        !missing.equals("t")
                && present.facts().plugin().equals("pgoutput")
                && !present.facts().publication().isEmpty()
            ? ", as its publication leaves them out (ALTER PUBLICATION ... SET (publish = 'insert, update, delete, truncate');)"
            : "";
    return missing.equals("t")
        ? said
            + why
            + "; a table that was truncated or rewritten is noticed by its file and copied anew by the next run"
        : said + why + "; the copy keeps what they would change";
  }

  /// That the name means another table.
  public static Difference madeAnew() {
    return Difference.of(
        Notice.MADE_ANEW, "the table was dropped and made anew, or another one has its name now");
  }

  /// That a part of the rows was truncated.
  ///
  /// @param tables the tables that were truncated
  public static Difference truncated(List<String> tables, boolean keepsRemoved) {
    String said = few(tables) + ", which holds a part of its rows, was truncated";
    return keepsRemoved
        ? new Difference(Notice.PART_TRUNCATED, said + "; the copy keeps them", Consequence.GOES_ON)
        : Difference.of(
            Notice.PART_TRUNCATED, said + ", and the log does not say which rows those were");
  }

  /// That the log has not all values of a row that is new to it.
  public static Difference enteredFilter() {
    return Difference.of(
        Notice.ENTERED_FILTER,
        "an UPDATE of its key brought a row into the row filter of its publication, and the log has not the row's large values (TOAST); REPLICA IDENTITY FULL has the log carry them");
  }

  /// That nothing has the name any more.
  public static Difference gone() {
    return Difference.of(
        Notice.GONE,
        "the table was dropped or renamed; take the stream out of the descriptor, or name the table as it is called now");
  }

  /// That a table writes no log.
  ///
  /// @param subject what to call it
  /// @param table its name in statements
  public static Difference unlogged(String subject, String table) {
    return Difference.of(
        Notice.UNLOGGED,
        "%s is unlogged: the log tells nothing of it; ALTER TABLE %s SET LOGGED; or give the stream method: FULL_TABLE"
            .formatted(subject, table));
  }

  private static Difference refiltered(String before, String now) {
    return Difference.of(
        Notice.REFILTERED,
        "its publication's row filter has changed from %s to %s"
            .formatted(before.isEmpty() ? "none" : before, now.isEmpty() ? "none" : now));
  }

  private static void viaRoot(CurrentFacts present, List<Difference> differences) {
    List<String> odd =
        present.identities().entrySet().stream()
            .filter(entry -> !entry.getValue().equals(present.rootIdentity()))
            .map(entry -> present.names().getOrDefault(entry.getKey(), ""))
            .toList();
    if (!odd.isEmpty()) {
      differences.add(
          Difference.of(
              Notice.OTHER_IDENTITY_BENEATH,
              "its publication publishes changes of partitions as the root's, and %s has another replica identity than the root, so that its old rows are not what they are said to be; give it the root's (ALTER TABLE %s REPLICA IDENTITY ...;), or set publish_via_partition_root = false"
                  .formatted(few(odd), odd.getFirst())));
    }
  }

  private static void publication(
      StreamFacts before, StreamFacts now, List<Difference> differences) {
    if (!before.plugin().equals(now.plugin())) {
      return;
    }
    String more = PublishedOperations.without(now.operations(), before.operations());
    String less = PublishedOperations.without(before.operations(), now.operations());
    if (!more.isEmpty()) {
      differences.add(
          Difference.of(
              Notice.MORE_PUBLISHED,
              "its %s are published, and were not before"
                  .formatted(PublishedOperations.named(more))));
    } else if (isAltered(before.publication(), now.publication())
        && !(less.contains("u") && hasLostIdentity(before, now))) {
      differences.add(
          Difference.of(
              Notice.PUBLICATION_ALTERED,
              "its publication was altered or made anew, so that changes of it may not be in the log"));
    }
    if (!less.isEmpty()) {
      differences.add(
          Difference.of(
              Notice.LESS_PUBLISHED,
              "its %s are not published any more".formatted(PublishedOperations.named(less))));
    }
  }

  // A publication that it is in now as well has taken nothing away.
  private static boolean isAltered(String then, String now) {
    Map<String, String> versions = new HashMap<>();
    for (String publication : now.split(" ", -1)) {
      versions.put(number(publication), publication);
    }
    boolean kept = false;
    for (String publication : then.split(" ", -1)) {
      String same = versions.getOrDefault(number(publication), publication);
      if (!same.equals(publication)) {
        return true;
      }
      kept |= versions.containsKey(number(publication));
    }
    return !then.isEmpty() && !now.isEmpty() && !kept;
  }

  private static String number(String publication) {
    int dot = publication.indexOf('.');
    return dot < 0 ? publication : publication.substring(0, dot);
  }

  // Such a table is moved by a run to the publication that has inserts only.
  private static boolean hasLostIdentity(StreamFacts before, StreamFacts now) {
    return now.members().values().stream()
        .anyMatch(member -> before.members().containsKey(member.oid()) && !member.identified());
  }

  private void members(
      StreamFacts before, CurrentFacts present, Set<Long> late, List<Difference> differences)
      throws SQLException {
    Map<Long, MemberTable> then = before.members();
    Map<Long, MemberTable> now = present.facts().members();
    Set<Long> joined = new TreeSet<>();
    now.forEach((oid, member) -> {
      MemberTable old = then.get(oid);
      if (old == null || !old.link().equals(member.link())) {
        joined.add(oid);
      }
    });
    Set<Long> left = new TreeSet<>(then.keySet());
    left.addAll(before.met());
    left.removeAll(present.names().keySet());
    Set<Long> asked = new TreeSet<>(joined);
    asked.addAll(left);
    asked.addAll(late);
    MemberHistory newcomers = MemberHistory.read(session, asked);
    joined(then, present, joined, newcomers, differences);
    late(late, present, newcomers, differences);
    left(left, newcomers, differences);
  }

  private static void joined(
      Map<Long, MemberTable> then,
      CurrentFacts present,
      Set<Long> joined,
      MemberHistory newcomers,
      List<Difference> differences) {
    List<String> born = new ArrayList<>();
    List<String> attached = new ArrayList<>();
    List<String> unpublished = new ArrayList<>();
    for (long oid : joined) {
      String name = present.names().getOrDefault(oid, "");
      if (present.unpublished().contains(oid)) {
        unpublished.add(name);
      } else if (!then.containsKey(oid)
          && !isUnasked(then, present)
          && (newcomers.isEmpty(oid) || isBorn(oid, then, present, newcomers))) {
        born.add(name);
      } else {
        attached.add(name);
      }
    }
    if (!unpublished.isEmpty()) {
      differences.add(
          Difference.of(
              Notice.UNPUBLISHED,
              "%s belongs to it now and was not published, so that changes of it are not in the log"
                  .formatted(few(unpublished))));
    }
    if (!attached.isEmpty()) {
      differences.add(
          Difference.of(
              Notice.ATTACHED,
              "%s was attached, or inherits from it now, with rows that are not in the log"
                  .formatted(few(attached))));
    }
    if (!born.isEmpty()) {
      differences.add(Difference.of(Notice.BORN, few(born) + " belongs to it now"));
    }
  }

  // A table that never had a row has had no update that was missed.
  private static void late(
      Set<Long> late, CurrentFacts present, MemberHistory newcomers, List<Difference> differences) {
    List<String> names =
        late.stream()
            .filter(oid -> present.names().containsKey(oid) && !newcomers.isUntouched(oid))
            .map(oid -> present.names().getOrDefault(oid, ""))
            .toList();
    if (!names.isEmpty()) {
      differences.add(
          Difference.of(
              Notice.IDENTIFIED,
              "%s has a replica identity, and its updates and deletes were not in the log"
                  .formatted(few(names))));
    }
  }

  // wal2json is asked for the tables that are known when a split begins.
  private static boolean isUnasked(Map<Long, MemberTable> then, CurrentFacts present) {
    return then.size() == 1 && present.facts().plugin().equals("wal2json");
  }

  // With what is above it, up to a table that was there before.
  private static boolean isBorn(
      long oid, Map<Long, MemberTable> then, CurrentFacts present, MemberHistory newcomers) {
    return newcomers.isBorn(oid)
        && !present.entered().contains(oid)
        && present.parents().getOrDefault(oid, Set.of()).stream()
            .allMatch(
                parent -> then.containsKey(parent) || isBorn(parent, then, present, newcomers));
  }

  private void left(Set<Long> left, MemberHistory newcomers, List<Difference> differences) {
    if (left.isEmpty()) {
      return;
    }
    List<String> names =
        left.stream()
            .map(oid ->
                newcomers.name(oid) + (newcomers.isThere(oid) ? " (detached)" : " (dropped)"))
            .toList();
    differences.add(
        keepsRemoved
            ? new Difference(
                Notice.REMOVED,
                "table %s belongs to it no longer; the copy keeps its rows".formatted(few(names)),
                Consequence.GOES_ON)
            : Difference.of(
                Notice.REMOVED,
                "table %s belongs to it no longer, and the log does not say which rows those were"
                    .formatted(few(names))));
  }

  // What may have become of a table that was there before.
  private void single(StreamFacts before, CurrentFacts present, List<Difference> differences) {
    for (MemberTable now : present.facts().members().values()) {
      MemberTable then = before.members().get(now.oid());
      if (then == null) {
        continue;
      }
      String name = present.names().getOrDefault(now.oid(), "");
      if (!then.identified() && now.identified()) {
        differences.add(
            Difference.of(
                Notice.IDENTIFIED,
                "%s has got a replica identity, without which its updates and deletes were not in the log"
                    .formatted(name)));
      } else if (then.identified() && !now.identified()) {
        differences.add(
            Difference.of(Notice.UNIDENTIFIED, name + " has lost its replica identity"));
      }
      if (then.unlogged() && !now.unlogged()) {
        differences.add(
            Difference.of(
                Notice.LOGGED_AGAIN,
                name + " was unlogged, so that changes of it are not in the log"));
      }
      if (present.unpublished().contains(now.oid())) {
        differences.add(
            Difference.of(
                Notice.UNPUBLISHED,
                "%s is not published, so that changes of it are not in the log".formatted(name)));
      } else if (then.identified()
          && now.identified()
          && isTakenOut(then, now)
          && before.plugin().equals(present.facts().plugin())) {
        differences.add(
            Difference.of(
                Notice.PUBLICATION_ALTERED,
                "%s was taken out of its publication, or put into another one, so that changes of it may not be in the log"
                    .formatted(name)));
      }
      if (!then.name().isEmpty() && !now.name().isEmpty() && !then.name().equals(now.name())) {
        differences.add(
            Difference.of(
                Notice.NAMED_OTHERWISE,
                "%s was renamed, moved to another schema or given to another owner, so that changes of it may not be in the log"
                    .formatted(name)));
      }
      if (then.file() != 0 && now.file() != 0 && then.file() != now.file()) {
        String said =
            "%s was truncated or rewritten, and its log does not tell of TRUNCATE".formatted(name);
        boolean part = present.facts().members().size() > 1;
        differences.add(
            keepsRemoved && part
                ? new Difference(
                    Notice.OTHER_FILE, said + "; the copy keeps its rows", Consequence.GOES_ON)
                : Difference.of(Notice.OTHER_FILE, said));
      }
    }
  }

  // One without an entry of its own is published with its root, or with everything.
  private static boolean isTakenOut(MemberTable then, MemberTable now) {
    List<String> entries = List.of(now.publication().split("&", -1));
    return !then.publication().isEmpty()
        && !now.publication().isEmpty()
        && Arrays.stream(then.publication().split("&", -1)).noneMatch(entries::contains);
  }

  static String few(List<String> names) {
    return names.size() <= FEW
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, FEW)) + " and " + (names.size() - FEW) + " more";
  }
}
