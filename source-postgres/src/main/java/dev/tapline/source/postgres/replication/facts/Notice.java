package dev.tapline.source.postgres.replication.facts;

/// Every difference that can be noticed in what a position rests on. A test compares it with the
/// table in `docs/log-based.md`.
public enum Notice {
  /// The system identifier is another one.
  OTHER_SERVER("the server is another one", Consequence.ALL_END),
  /// The log ends before the position.
  WENT_BACK("the server went back: its log ends before the stream's place", Consequence.ALL_END),
  /// The server's timeline branched off before the position.
  OTHER_TIMELINE(
      "a standby was promoted, or the server restored, before the stream's place",
      Consequence.ALL_END),
  /// The server's timeline branched off behind the position.
  LATER_TIMELINE("a standby was promoted behind the stream's place", Consequence.GOES_ON),
  /// The name means another table.
  MADE_ANEW(
      "the table was dropped and made anew, or another one has taken its name",
      Consequence.COPIED_ANEW),
  /// The name no longer exists.
  GONE("the table was dropped or renamed", Consequence.STREAM_ENDS),
  /// A table was renamed or moved, and changes go by names.
  NAMED_OTHERWISE(
      "a table was renamed, moved to another schema (and back) or given to another owner, where changes go by names (`wal2json`, a publication of a schema)",
      Consequence.COPIED_ANEW),
  /// No publication has it.
  UNPUBLISHED("a table of it was not published", Consequence.COPIED_ANEW),
  /// The publication's options, or what belongs to it, are not those of before.
  PUBLICATION_ALTERED(
      "its publication was altered or made anew, or a table taken out of it and put back",
      Consequence.COPIED_ANEW),
  /// More operations come.
  MORE_PUBLISHED("its publication publishes operations that it did not", Consequence.COPIED_ANEW),
  /// Fewer operations come.
  LESS_PUBLISHED("its publication leaves operations out", Consequence.GOES_ON),
  /// The row filter is another one.
  REFILTERED("its publication's row filter has changed", Consequence.COPIED_ANEW),
  /// A row that the log did not have came into the row filter, without all of its values.
  ENTERED_FILTER(
      "an UPDATE of its key brought a row into its publication's row filter, and the log does not contain its large values (TOAST)",
      Consequence.COPIED_ANEW),
  /// Columns come that did not.
  MORE_COLUMNS(
      "columns come that did not: a column list has grown, a privilege was granted, the descriptor selects more",
      Consequence.COPIED_ANEW),
  /// The log does not tell what that does to rows.
  COLUMNS_ALTERED(
      "columns were renamed, dropped, given another type, or added with a default",
      Consequence.GOES_ON),
  /// Columns do not come any more.
  FEWER_COLUMNS("columns do not come any more", Consequence.GOES_ON),
  /// UPDATE and DELETE are in the log now.
  IDENTIFIED("a table without a replica identity has got one", Consequence.COPIED_ANEW),
  /// UPDATE and DELETE are no longer in the log.
  UNIDENTIFIED("a table has lost its replica identity", Consequence.GOES_ON),
  /// A partition or child that was made as one.
  BORN("a partition was made by PARTITION OF, or attached empty", Consequence.GOES_ON),
  /// A partition or child that had rows before.
  ATTACHED("a table with rows was attached, or inherits from now on", Consequence.COPIED_ANEW),
  /// A partition or child that is none any more.
  REMOVED(
      "a partition was detached or dropped, or a table inherits no longer",
      Consequence.COPIED_ANEW),
  /// A part of the rows was truncated.
  PART_TRUNCATED("a part of its tables was truncated", Consequence.COPIED_ANEW),
  /// The rows are in another file, and the log does not include TRUNCATE.
  OTHER_FILE(
      "a table was truncated or rewritten, where the log does not tell of TRUNCATE",
      Consequence.COPIED_ANEW),
  /// A table writes no log.
  UNLOGGED("a table of it is unlogged", Consequence.STREAM_ENDS),
  /// A table was unlogged and is not any more.
  LOGGED_AGAIN("a table of it was unlogged", Consequence.COPIED_ANEW),
  /// The old rows of a leaf are not what the root's replica identity says.
  OTHER_IDENTITY_BENEATH(
      "changes are published as the root's, and a partition has another replica identity",
      Consequence.STREAM_ENDS);

  private final String words;
  private final Consequence consequence;

  Notice(String words, Consequence consequence) {
    this.words = words;
    this.consequence = consequence;
  }

  /// What the documentation calls it.
  public String words() {
    return words;
  }

  /// What follows.
  public Consequence consequence() {
    return consequence;
  }
}
