package dev.tapline.sink.parquet.column;

import dev.tapline.sink.parquet.encoding.ValueConsumer;
import dev.tapline.sink.parquet.schema.FieldType;
import java.io.IOException;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.schema.MessageType;

/// One column of the row group being written. Not thread-safe.
public interface ColumnChunk extends ValueConsumer {
  /// Starts a chunk. What [PagedColumnChunk] does not support is left to parquet-java's column
  /// writers.
  ///
  /// @param column a schema of this column alone
  /// @param pages receives the pages and the Bloom filter, if any
  /// @param fieldType the type of the column
  static ColumnChunk of(
      MessageType column,
      ParquetProperties properties,
      ColumnChunkPageWriteStore pages,
      FieldType fieldType) {
    ColumnDescriptor descriptor = column.getColumns().get(0);
    ColumnChunk paged =
        PagedColumnChunk.of(descriptor, properties, pages.getPageWriter(descriptor));
    if (paged != null) {
      return paged;
    }
    ColumnWriteStore store = properties.newColumnWriteStore(column, pages, pages);
    return new ColumnWriterChunk(store, store.getColumnWriter(descriptor), fieldType);
  }

  /// The approximate size in the file if the chunk ended here.
  long bufferedBytes();

  /// The approximate memory used, including reserved space.
  long heldBytes();

  /// Completes the chunk after the last row.
  void finish() throws IOException;

  /// Frees the memory, whether finished or not.
  void close();
}
