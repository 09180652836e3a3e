/// The current image of a stream: its rows as they are now, merged by key out of its files.
package dev.tapline.sink.parquet.compaction;
