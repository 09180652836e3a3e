/// Encodes the columns of batches as values of a file, for any format.
package dev.tapline.sink.parquet.encoding;
