package dev.tapline.spi.sink;

import dev.tapline.spi.catalog.Stream;

/// What a writer is for.
///
/// @param stream the stream, with its destination name and its schema as of the start
/// @param mode whether the rows belong to a new version of the stream or are added
/// @param version the number of that version; it grows from one to the next. With
///   [WriteMode#APPEND] it is the version that the rows are added to
/// @param part tells apart the writers of one stream within a run; letters, digits, `.`, `_`, `-`.
///   A split that is begun again opens a writer of the same part, after the one before was closed
public record WriterContext(Stream stream, WriteMode mode, long version, String part) {}
