package dev.tapline.source.postgres.replication.facts;

/// What follows from a [Difference].
public enum Consequence {
  /// The stream goes on; the run says so where it matters.
  GOES_ON("goes on"),
  /// The stream is copied anew, by itself.
  COPIED_ANEW("copied anew"),
  /// The stream ends with the remedy, the others go on.
  STREAM_ENDS("the stream ends, with the remedy"),
  /// All streams of the database end with the remedy.
  ALL_END("all streams end, with the remedy");

  private final String words;

  Consequence(String words) {
    this.words = words;
  }

  /// What the documentation calls it.
  public String words() {
    return words;
  }
}
