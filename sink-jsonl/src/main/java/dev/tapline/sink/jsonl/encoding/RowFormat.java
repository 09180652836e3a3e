package dev.tapline.sink.jsonl.encoding;

/// What rows look like beyond their columns.
///
/// @param metadata the fields to add
/// @param json how JSON documents stand in a row
/// @param zoneless whether timestamps without a time zone have no `Z`; Singer's have one
public record RowFormat(Metadata metadata, JsonPolicy json, boolean zoneless) {
  /// The usual form with the given metadata.
  public static RowFormat of(Metadata metadata) {
    return new RowFormat(metadata, JsonPolicy.EMBED, true);
  }
}
