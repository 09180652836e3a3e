/// Column chunks, encoded a page at a time from bytes that are already in Parquet's PLAIN encoding.
/// Where parquet-java's column writers do everything for each value, here each step is a loop over
/// a page (`ColumnWritingBenchmark`; docs/decisions/0016-column-chunks.md). Pages, their headers,
/// indexes and the footer are parquet-java's.
package dev.tapline.sink.parquet.column;
