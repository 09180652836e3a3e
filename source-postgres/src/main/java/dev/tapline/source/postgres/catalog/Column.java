package dev.tapline.source.postgres.catalog;

import dev.tapline.spi.catalog.Field;

/// A column that the user may read.
///
/// @param number its `attnum`
/// @param field what a stream shows of it
/// @param type how it is asked for and decoded
public record Column(int number, Field field, ColumnType type) {}
