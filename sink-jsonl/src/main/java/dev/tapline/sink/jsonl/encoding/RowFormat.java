package dev.tapline.sink.jsonl.encoding;

/// The format of rows.
///
/// @param metadata the fields to add
/// @param json how JSON documents are written
/// @param zoneless whether timestamps without time zone are written without `Z`; Singer needs one
public record RowFormat(Metadata metadata, JsonPolicy json, boolean zoneless) {
  /// The default format with the given metadata.
  public static RowFormat of(Metadata metadata) {
    return new RowFormat(metadata, JsonPolicy.EMBED, true);
  }
}
