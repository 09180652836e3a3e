package dev.tapline.source.postgres.replication.facts;

import dev.tapline.source.postgres.catalog.Table;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.StreamName;

/// A stream and its table.
///
/// @param name the stream's
/// @param schema the fields that come
/// @param table its table
public record StreamTable(StreamName name, Schema schema, Table table) {}
