/// How a stream's types are stored in files, and the Parquet and Avro schemas of files.
package dev.tapline.sink.parquet.schema;
