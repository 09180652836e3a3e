package dev.tapline.sink.parquet.parquet;

import dev.tapline.sink.parquet.chunk.ColumnChunk;
import dev.tapline.sink.parquet.chunk.PlainChunk;
import dev.tapline.sink.parquet.encode.FieldEncoder;
import dev.tapline.sink.parquet.plan.FilePlan;
import dev.tapline.sink.parquet.plan.Mapping;
import dev.tapline.spi.batch.Batch;
import java.io.IOException;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.schema.MessageType;

/// The rows that are still in memory: encoded, and compressed a page at a time. Each column has
/// what it needs for itself, so that columns can be written on several threads.
final class RowGroup {
  private final List<FieldEncoder> encoders;
  private final ColumnChunkPageWriteStore pages;
  private final ColumnChunk[] chunks;
  private long rows;

  RowGroup(
      FilePlan plan,
      MessageType schema,
      List<FieldEncoder> encoders,
      ParquetProperties properties,
      Codecs codecs,
      ParquetSettings settings) {
    this.encoders = encoders;
    this.pages =
        new ColumnChunkPageWriteStore(
            codecs.getCompressor(settings.compression().parquetName()),
            schema,
            properties.getAllocator(),
            properties.getColumnIndexTruncateLength(),
            properties.getPageWriteChecksumEnabled());
    int columns = plan.fields().size();
    this.chunks = new ColumnChunk[columns];
    for (int i = 0; i < columns; i++) {
      MessageType column = new MessageType(schema.getName(), schema.getType(i));
      chunks[i] = chunk(column, properties, plan.fields().get(i).mapping());
    }
  }

  private ColumnChunk chunk(MessageType column, ParquetProperties properties, Mapping mapping) {
    ColumnDescriptor descriptor = column.getColumns().get(0);
    ColumnChunk plain = PlainChunk.of(descriptor, properties, pages.getPageWriter(descriptor));
    if (plain != null) {
      return plain;
    }
    ColumnWriteStore store = properties.newColumnWriteStore(column, pages, pages);
    return new ColumnTarget(store, store.getColumnWriter(descriptor), mapping);
  }

  void write(Batch batch, int from, int to, Helpers helpers)
      throws IOException, InterruptedException {
    helpers.forEach(
        chunks.length, column -> encoders.get(column).rows(batch, from, to, chunks[column]));
    rows += to - from;
  }

  long bufferedBytes() {
    long bytes = 0;
    for (ColumnChunk chunk : chunks) {
      bytes += chunk.bufferedBytes();
    }
    return bytes;
  }

  long heldBytes() {
    long bytes = 0;
    for (ColumnChunk chunk : chunks) {
      bytes += chunk.heldBytes();
    }
    return bytes;
  }

  void flushTo(ParquetFileWriter file, Helpers helpers) throws IOException, InterruptedException {
    helpers.forEach(chunks.length, column -> chunks[column].finish());
    file.startBlock(rows);
    pages.flushToFileWriter(file);
    file.endBlock();
    close();
  }

  void close() {
    for (ColumnChunk chunk : chunks) {
      chunk.close();
    }
    pages.close();
  }
}
