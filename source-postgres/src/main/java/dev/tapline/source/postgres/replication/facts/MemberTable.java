package dev.tapline.source.postgres.replication.facts;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A table that holds rows of a stream: the stream's own table, a partition, or a table that
/// inherits from it.
///
/// @param oid its number
/// @param link what tells its belonging to its parents from an earlier or later one: the `xmin` of
///   its rows of `pg_inherits`; nothing for the stream's own table
/// @param publication the numbers of its own entries in publications (`pg_publication_rel`),
///   separated by `&`
/// @param name what changes with its name or its schema: the `xmin` of its row type; nothing where
///   changes are not told by name
/// @param file the number of the file that its rows stand in, where the log does not tell of
///   TRUNCATE; else 0
/// @param unlogged whether it writes no log
/// @param identified whether the log tells which of its rows an UPDATE or DELETE has changed
record MemberTable(
    long oid,
    String link,
    String publication,
    String name,
    long file,
    boolean unlogged,
    boolean identified) {
  private static final Pattern TEXT =
      Pattern.compile("(\\d+)(?:\\^([\\d&]+))?(?:\\+([\\d&]+))?(?:~(\\d+))?(?:@(\\d+))?(u?)(n?)");

  /// As a position keeps it: most tables are no more than their number.
  String text() {
    return oid
        + (link.isEmpty() ? "" : "^" + link)
        + (publication.isEmpty() ? "" : "+" + publication)
        + (name.isEmpty() ? "" : "~" + name)
        + (file == 0 ? "" : "@" + file)
        + (unlogged ? "u" : "")
        + (identified ? "" : "n");
  }

  /// @throws IllegalArgumentException if the text is not one that [#text()] has made
  static MemberTable of(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("'" + text + "' is no table");
    }
    return new MemberTable(
        Long.parseLong(parts.group(1)),
        orNothing(parts, 2),
        orNothing(parts, 3),
        orNothing(parts, 4),
        parts.group(5) == null ? 0 : Long.parseLong(parts.group(5)),
        !parts.group(6).isEmpty(),
        parts.group(7).isEmpty());
  }

  private static String orNothing(Matcher parts, int group) {
    String found = parts.group(group);
    return found == null ? "" : found;
  }
}
