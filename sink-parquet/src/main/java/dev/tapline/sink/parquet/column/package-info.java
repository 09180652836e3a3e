/// Encodes column chunks, page by page, from values that are already in the PLAIN encoding. Where
/// parquet-java's column writers do everything for each value, each step here is a loop over a page
/// (`ColumnWritingBenchmark`; docs/decisions/0016-column-chunks.md). Pages, their headers, indexes
/// and the footer are written by parquet-java.
package dev.tapline.sink.parquet.column;
