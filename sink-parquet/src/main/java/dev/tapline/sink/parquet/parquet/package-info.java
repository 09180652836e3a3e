/// Parquet files, written by columns through parquet-java's column writers.
package dev.tapline.sink.parquet.parquet;
