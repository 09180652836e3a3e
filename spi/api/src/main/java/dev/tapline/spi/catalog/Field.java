package dev.tapline.spi.catalog;

/// One field of a stream.
///
/// @param name the column's name, as the source has it
/// @param type the type of its values
/// @param nullable whether a value may be absent
/// @param sourceType the type in the source's own words, as in `numeric(12,2)`
/// @param comment what the source's catalog says of it, or nothing
public record Field(
    String name, DataType type, boolean nullable, String sourceType, String comment) {

  /// A nullable field without a comment.
  public static Field of(String name, DataType type, String sourceType) {
    return new Field(name, type, true, sourceType, "");
  }
}
