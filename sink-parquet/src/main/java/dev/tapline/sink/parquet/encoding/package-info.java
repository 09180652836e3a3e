/// From the columns of batches to the values of a file, whatever its format.
package dev.tapline.sink.parquet.encoding;
