/// Compresses and decompresses the pages of Parquet files.
package dev.tapline.sink.parquet.compression;
