/// Reads Parquet files back, for compaction: pages and footers by parquet-java, without Hadoop's
/// classes.
package dev.tapline.sink.parquet.reader;
