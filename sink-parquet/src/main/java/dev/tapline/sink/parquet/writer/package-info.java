/// Writes Parquet files: row groups of column chunks, encoded in parallel, and the footer.
package dev.tapline.sink.parquet.writer;
