/// Formats of files of rows.
package dev.tapline.sink.parquet.format;
