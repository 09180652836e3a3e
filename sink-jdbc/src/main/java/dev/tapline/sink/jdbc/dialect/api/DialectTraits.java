package dev.tapline.sink.jdbc.dialect.api;

import java.util.Locale;

/// What a database can and cannot do.
///
/// @param transactionalDdl whether CREATE, ALTER and RENAME are rolled back with their transaction
/// @param singleWriter whether only one connection may write at a time; transactions of a process
///   then wait for each other
/// @param directLoad whether the rows of a full load may go straight into the table of the new
///   version, in one transaction for each writer
/// @param primaryKeys whether tables get a primary key
/// @param caseSensitive whether names of columns may differ in letter case only
/// @param longestName the most bytes of a name, unless the dialect counts otherwise
public record DialectTraits(
    boolean transactionalDdl,
    boolean singleWriter,
    boolean directLoad,
    boolean primaryKeys,
    boolean caseSensitive,
    int longestName) {

  /// A name as the database compares it with others.
  public String fold(String name) {
    return caseSensitive ? name : name.toLowerCase(Locale.ROOT);
  }
}
