package dev.tapline.sink.parquet.column;

import dev.tapline.sink.parquet.encoding.ValueConsumer;
import dev.tapline.sink.parquet.schema.TypeMapping;
import java.io.IOException;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.schema.MessageType;

/// One column of a row group under way. One thread at a time.
public interface ColumnChunk extends ValueConsumer {
  /// Begins a chunk. What [PagedColumnChunk] cannot do is left to parquet-java's column writers.
  ///
  /// @param column a schema of that one column
  /// @param pages takes the pages, and the Bloom filter if there is one
  /// @param mapping what its values are
  static ColumnChunk of(
      MessageType column,
      ParquetProperties properties,
      ColumnChunkPageWriteStore pages,
      TypeMapping mapping) {
    ColumnDescriptor descriptor = column.getColumns().get(0);
    ColumnChunk paged =
        PagedColumnChunk.of(descriptor, properties, pages.getPageWriter(descriptor));
    if (paged != null) {
      return paged;
    }
    ColumnWriteStore store = properties.newColumnWriteStore(column, pages, pages);
    return new ColumnWriterChunk(store, store.getColumnWriter(descriptor), mapping);
  }

  /// How many bytes it would have in the file if it ended here, about.
  long bufferedBytes();

  /// How many bytes of memory it holds, about: what it has buffered, and the room for more.
  long heldBytes();

  /// Hands over what is left, after the last row.
  void finish() throws IOException;

  /// Frees its memory, finished or not.
  void close();
}
