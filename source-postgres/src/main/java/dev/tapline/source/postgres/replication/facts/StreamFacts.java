package dev.tapline.source.postgres.replication.facts;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// What a stream's position in the log rests on.
///
/// @param systemId the number of the server
/// @param timeline its timeline
/// @param slot the slot's name
/// @param plugin its output plug-in
/// @param operations what of the table's changes is published: letters of [PublishedOperations]
/// @param viaRoot whether changes of partitions are published as the root's
/// @param publication what changes when a publication of the table, or its belonging to it, is
///   altered or made anew
/// @param listedUpTo the highest number of a column when a publication had a list of the columns; 0
///   when none had
/// @param absent the numbers of the columns that the stream does not bring
/// @param columns those that the stream brings, as [ColumnDigests#of] has them; empty if not known
/// @param members its tables, by number
/// @param met the numbers of tables that came since, and of which rows were read
public record StreamFacts(
    String systemId,
    int timeline,
    String slot,
    String plugin,
    String operations,
    boolean viaRoot,
    String publication,
    int listedUpTo,
    SortedSet<Integer> absent,
    String columns,
    SortedMap<Long, MemberTable> members,
    SortedSet<Long> met) {
  private static final String SERVER = "server";
  private static final String SLOT = "slot";
  private static final String PUBLISHES = "publishes";
  private static final String PUBLICATION = "publication";
  private static final String ABSENT = "absent";
  private static final String COLUMNS = "columns";
  private static final String TABLES = "tables";
  private static final String MET = "met";
  private static final String LIST = "list";
  private static final String ROOT = "/root";

  public StreamFacts {
    absent = new TreeSet<>(absent);
    members = new TreeMap<>(members);
    met = new TreeSet<>(met);
  }

  /// The same on a server and its timeline.
  StreamFacts on(String otherId, int otherTimeline) {
    return new StreamFacts(
        otherId,
        otherTimeline,
        slot,
        plugin,
        operations,
        viaRoot,
        publication,
        listedUpTo,
        absent,
        columns,
        members,
        met);
  }

  /// The same when rows of tables were read that may be none of its own.
  ///
  /// @param facts as [#text()] has them; nothing when they are not known
  /// @param oids the numbers of the tables
  public static String meeting(String facts, Set<Long> oids) {
    if (facts.isEmpty() || oids.isEmpty()) {
      return facts;
    }
    StreamFacts before = of(facts);
    TreeSet<Long> met = new TreeSet<>(before.met());
    met.addAll(oids);
    met.removeAll(before.tables());
    return met.equals(before.met())
        ? facts
        : new StreamFacts(
                before.systemId(),
                before.timeline(),
                before.slot(),
                before.plugin(),
                before.operations(),
                before.viaRoot(),
                before.publication(),
                before.listedUpTo(),
                before.absent(),
                before.columns(),
                before.members(),
                met)
            .text();
  }

  /// The numbers of its tables.
  public Set<Long> tables() {
    return members.keySet();
  }

  /// As a position keeps them: one line that people can read.
  public String text() {
    List<String> parts = new ArrayList<>();
    parts.add(SERVER + "=" + systemId + "/" + timeline);
    parts.add(SLOT + "=" + slot + "/" + plugin);
    parts.add(PUBLISHES + "=" + operations + (viaRoot ? ROOT : ""));
    if (!publication.isEmpty()) {
      parts.add(PUBLICATION + "=" + publication);
    }
    if (listedUpTo > 0 || !absent.isEmpty()) {
      String numbers = absent.stream().map(String::valueOf).collect(Collectors.joining(" "));
      parts.add(ABSENT + "=" + ((listedUpTo > 0 ? LIST + listedUpTo + " " : "") + numbers).strip());
    }
    if (!columns.isEmpty()) {
      parts.add(COLUMNS + "=" + columns);
    }
    parts.add(
        TABLES
            + "="
            + members.values().stream().map(MemberTable::text).collect(Collectors.joining(" ")));
    if (!met.isEmpty()) {
      parts.add(MET + "=" + met.stream().map(String::valueOf).collect(Collectors.joining(" ")));
    }
    return String.join("; ", parts);
  }

  /// @throws IllegalArgumentException if the text is not one that [#text()] has made
  public static StreamFacts of(String text) {
    Map<String, String> parts = new HashMap<>();
    for (String part : text.split("; ", -1)) {
      int sign = part.indexOf('=');
      if (sign < 0) {
        throw new IllegalArgumentException("'" + part + "' says nothing");
      }
      parts.put(part.substring(0, sign), part.substring(sign + 1));
    }
    String[] server = part(parts, SERVER).split("/", -1);
    String[] slot = part(parts, SLOT).split("/", -1);
    String publishes = part(parts, PUBLISHES);
    TreeSet<Integer> absent = new TreeSet<>();
    int listedUpTo = 0;
    for (String word : parts.getOrDefault(ABSENT, "").split(" ", -1)) {
      if (word.startsWith(LIST)) {
        listedUpTo = Integer.parseInt(word.substring(LIST.length()));
      } else if (!word.isEmpty()) {
        absent.add(Integer.valueOf(word));
      }
    }
    TreeMap<Long, MemberTable> members = new TreeMap<>();
    for (String word : part(parts, TABLES).split(" ", -1)) {
      if (!word.isEmpty()) {
        MemberTable member = MemberTable.of(word);
        members.put(member.oid(), member);
      }
    }
    TreeSet<Long> met = new TreeSet<>();
    for (String number : parts.getOrDefault(MET, "").split(" ", -1)) {
      if (!number.isEmpty()) {
        met.add(Long.valueOf(number));
      }
    }
    return new StreamFacts(
        server[0],
        Integer.parseInt(server[1]),
        slot[0],
        slot[1],
        publishes.replace(ROOT, ""),
        publishes.endsWith(ROOT),
        parts.getOrDefault(PUBLICATION, ""),
        listedUpTo,
        absent,
        parts.getOrDefault(COLUMNS, ""),
        members,
        met);
  }

  private static String part(Map<String, String> parts, String name) {
    String found = parts.get(name);
    if (found == null) {
      throw new IllegalArgumentException("nothing is said of '" + name + "'");
    }
    return found;
  }
}
