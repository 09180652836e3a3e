/// Compaction: keeps the current rows of a stream, merged by key, beside its files of changes.
package dev.tapline.sink.parquet.compaction;
