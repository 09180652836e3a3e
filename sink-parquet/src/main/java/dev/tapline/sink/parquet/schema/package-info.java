/// What a stream's fields become in a file.
package dev.tapline.sink.parquet.schema;
