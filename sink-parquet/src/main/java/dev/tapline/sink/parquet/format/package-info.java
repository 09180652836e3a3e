/// What the sink and compaction need of a file format: writing and reading rows.
package dev.tapline.sink.parquet.format;
