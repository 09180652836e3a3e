/// The Parquet sink: its options, its writers, and how files are published.
package dev.tapline.sink.parquet;
