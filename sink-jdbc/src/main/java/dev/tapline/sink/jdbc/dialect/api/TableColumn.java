package dev.tapline.sink.jdbc.dialect.api;

/// A column of a table that this sink makes.
///
/// @param name its name, not quoted
/// @param type its type
/// @param nullable whether it may be NULL
/// @param delimiter what stands between the elements of lists where these are text
public record TableColumn(String name, ColumnType type, boolean nullable, char delimiter) {}
