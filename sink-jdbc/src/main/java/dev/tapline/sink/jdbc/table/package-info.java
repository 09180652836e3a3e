/// The tables of streams: their columns, types and metadata, and the names of internal tables.
package dev.tapline.sink.jdbc.table;
