/// The sink: folders of files, written and committed.
package dev.tapline.sink.parquet.files;
