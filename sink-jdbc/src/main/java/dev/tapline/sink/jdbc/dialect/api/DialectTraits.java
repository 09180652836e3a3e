package dev.tapline.sink.jdbc.dialect.api;

/// What a database can and cannot do.
///
/// @param transactionalDdl whether tables made, altered and renamed in a transaction come and go
///   with it
/// @param oneWriter whether only one connection may write at a time; transactions of a process then
///   wait for each other
/// @param loadsInPlace whether the rows of a full load may go straight into the table that becomes
///   visible, in one transaction for each writer
/// @param key whether tables get a primary key
/// @param caseSensitive whether names of columns may differ in letter case only
/// @param longestName the most bytes of a name, unless the dialect counts otherwise
public record DialectTraits(
    boolean transactionalDdl,
    boolean oneWriter,
    boolean loadsInPlace,
    boolean key,
    boolean caseSensitive,
    int longestName) {}
