package dev.tapline.spi.catalog;

import java.util.List;

/// A table or view that the source offers.
///
/// @param name what it is called
/// @param kind what it is
/// @param schema the fields that the user may read, and the key
/// @param hidden names of the fields that the user may not read
/// @param estimatedRows the source's own estimate, or -1 when it has none
/// @param estimatedBytes the size on the source's disk, or -1 when that is not known
/// @param comment what the source's catalog says of it, or nothing
public record Relation(
    StreamName name,
    RelationKind kind,
    Schema schema,
    List<String> hidden,
    long estimatedRows,
    long estimatedBytes,
    String comment) {

  /// Copies the list.
  public Relation {
    hidden = List.copyOf(hidden);
  }
}
