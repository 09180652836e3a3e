package dev.tapline.source.postgres.incremental;

/// Every difference that can be noticed in a position and in what it rests on. A test compares it
/// with the table in `docs/delivery.md`.
enum KeyNotice {
  /// What the position was compared by is not what rows are compared by now.
  OTHER_KEY("the key has other columns, types, operators or collations", Then.COPIED_ANEW),
  /// The name means another table.
  MADE_ANEW("the table was dropped and made anew", Then.COPIED_ANEW),
  /// Rows were written below the position in another file.
  FILLED_AGAIN(
      "the table (without partitions or children) was truncated, and its lowest key is below the position and was written since; where VACUUM FULL, pg_repack or an ALTER has rewritten it, which by itself is no reason, rows that were written late below the position look the same",
      Then.COPIED_ANEW),
  /// The server has begun fewer transactions than it had.
  WENT_BACK(
      "the server went back (a restore), and its transaction counter is still below where it was when the stream was left",
      Then.COPIED_ANEW),
  /// Old rows lack values that were there.
  MORE_COLUMNS(
      "columns come that did not: a privilege was granted, the descriptor selects more",
      Then.COPIED_ANEW),
  /// The position of a version that took rows ahead for it.
  AHEAD_OF_ALL(
      "an earlier version of Tapline has left the position at a row that is ahead of all others",
      Then.COPIED_ANEW),
  /// The standby replays what was read of another server.
  STANDBY_BEHIND(
      "a standby has not come as far as where the stream was left", Then.NOTHING_IS_READ),
  /// Rows that cannot be the position.
  FAR_AHEAD(
      "a row has a key beyond the server's clock, or one that stands for \"no end\" (the highest of its type, 99999999)",
      Then.COPIED_ONCE),
  /// The highest key was written since, below the position.
  BELOW(
      "the highest key is below the position, and was written since (of views and tables of which the user may read some columns only: is below the position)",
      Then.WARNING_WITH_RESET),
  /// No row that is written now can be beyond the position.
  CLOCK_SET_BACK("the server's clock is before the position", Then.WARNING),
  /// Old rows are not what a new copy would have.
  COLUMNS_ALTERED(
      "columns were renamed, dropped, given another type, or added with a default",
      Then.WARNING_ONCE),
  /// More rows than can be remembered.
  FORGETFUL(
      "more than 20,000 rows of a view, or of a table of which the user may read some columns only, stand at the position or within the lookback",
      Then.WARNING_OF_REPETITION),
  /// The numbers of transactions tell nothing any more.
  OTHER_TREE(
      "a table with partitions or children has got another one or lost one while more than 20,000 rows stand at the position",
      Then.ROWS_REPEATED);

  /// What follows.
  enum Then {
    COPIED_ANEW("copied anew, announced"),
    NOTHING_IS_READ("nothing is read, with a warning"),
    COPIED_ONCE(
        "it is copied once; the position stays below it; a warning in each run when it is more than a day ahead"),
    WARNING_WITH_RESET("a warning in each run: `runtime reset --stream` has it copied anew"),
    WARNING("a warning in each run"),
    WARNING_ONCE("a warning: `runtime reset --stream` has it copied anew"),
    WARNING_OF_REPETITION("a warning in each run that they come again"),
    ROWS_REPEATED("these rows come once more, with a warning");

    private final String words;

    Then(String words) {
      this.words = words;
    }
  }

  private final String words;
  private final Then then;

  KeyNotice(String words, Then then) {
    this.words = words;
    this.then = then;
  }

  /// What the documentation calls it.
  String words() {
    return words;
  }

  /// What follows, as the documentation says it.
  String consequence() {
    return then.words;
  }

  /// The reason for a new copy.
  String reason(String sentence) {
    if (then != Then.COPIED_ANEW) {
      throw new IllegalArgumentException(this + " is no reason for a new copy");
    }
    return sentence;
  }

  /// The message about a stream that goes on.
  String doubt(String sentence) {
    if (then == Then.COPIED_ANEW) {
      throw new IllegalArgumentException(this + " is a reason for a new copy");
    }
    return sentence;
  }
}
