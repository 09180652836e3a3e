package dev.tapline.sink.jdbc.dialect.api;

/// A column of a table that the sink creates.
///
/// @param name its name, not quoted
/// @param type its type
/// @param nullable whether it may be NULL
public record TableColumn(String name, ColumnType type, boolean nullable) {}
