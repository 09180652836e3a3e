package dev.tapline.sink.parquet.writer;

import dev.tapline.sink.parquet.column.ColumnChunk;
import dev.tapline.sink.parquet.compression.PageCodecs;
import dev.tapline.sink.parquet.encoding.FieldEncoder;
import dev.tapline.sink.parquet.schema.FileSchema;
import dev.tapline.spi.batch.Batch;
import java.io.IOException;
import java.util.List;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.schema.MessageType;

/// Writes a row group, which stays in memory until it is complete: encoded, and compressed page by
/// page. Columns share no state, so that they can be written on several threads.
final class RowGroupWriter {
  private final List<FieldEncoder> encoders;
  private final ColumnChunkPageWriteStore pages;
  private final ColumnChunk[] chunks;
  private long rows;

  RowGroupWriter(
      FileSchema fileSchema,
      MessageType schema,
      List<FieldEncoder> encoders,
      ParquetProperties properties,
      PageCodecs codecs,
      ParquetWriterConfig config) {
    this.encoders = encoders;
    this.pages =
        new ColumnChunkPageWriteStore(
            codecs.getCompressor(config.compression().parquetName()),
            schema,
            properties.getAllocator(),
            properties.getColumnIndexTruncateLength(),
            properties.getPageWriteChecksumEnabled());
    int columns = fileSchema.fields().size();
    this.chunks = new ColumnChunk[columns];
    for (int i = 0; i < columns; i++) {
      MessageType column = new MessageType(schema.getName(), schema.getType(i));
      chunks[i] = ColumnChunk.of(column, properties, pages, fileSchema.fields().get(i).fieldType());
    }
  }

  void write(Batch batch, int from, int to, ColumnWorkers workers)
      throws IOException, InterruptedException {
    workers.forEach(
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

  void flushTo(ParquetFileWriter file, ColumnWorkers workers)
      throws IOException, InterruptedException {
    workers.forEach(chunks.length, column -> chunks[column].finish());
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
