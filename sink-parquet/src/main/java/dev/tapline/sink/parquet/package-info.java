/// The Parquet sink.
package dev.tapline.sink.parquet;
