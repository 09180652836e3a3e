/// Avro container files.
package dev.tapline.sink.parquet.avro;
