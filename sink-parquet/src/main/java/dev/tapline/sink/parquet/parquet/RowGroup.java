package dev.tapline.sink.parquet.parquet;

import dev.tapline.sink.parquet.encode.FieldEncoder;
import dev.tapline.sink.parquet.plan.FilePlan;
import dev.tapline.spi.batch.Batch;
import java.io.IOException;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.schema.MessageType;

/// The rows that are still in memory: encoded, and compressed a page at a time. Each column has a
/// store of its own, so that columns can be written on several threads.
final class RowGroup {
  private final List<FieldEncoder> encoders;
  private final ColumnChunkPageWriteStore pages;
  private final ColumnWriteStore[] stores;
  private final ColumnTarget[] targets;
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
    this.stores = new ColumnWriteStore[columns];
    this.targets = new ColumnTarget[columns];
    for (int i = 0; i < columns; i++) {
      MessageType column = new MessageType(schema.getName(), schema.getType(i));
      ColumnDescriptor descriptor = column.getColumns().get(0);
      stores[i] = properties.newColumnWriteStore(column, pages, pages);
      targets[i] =
          new ColumnTarget(
              stores[i], stores[i].getColumnWriter(descriptor), plan.fields().get(i).mapping());
    }
  }

  void write(Batch batch, int from, int to, Helpers helpers)
      throws IOException, InterruptedException {
    helpers.forEach(
        targets.length, column -> encoders.get(column).rows(batch, from, to, targets[column]));
    rows += to - from;
  }

  long bufferedBytes() {
    long bytes = 0;
    for (ColumnWriteStore store : stores) {
      bytes += store.getBufferedSize();
    }
    return bytes;
  }

  void flushTo(ParquetFileWriter file, Helpers helpers) throws IOException, InterruptedException {
    helpers.forEach(stores.length, column -> stores[column].flush());
    file.startBlock(rows);
    pages.flushToFileWriter(file);
    file.endBlock();
    close();
  }

  void close() {
    for (ColumnWriteStore store : stores) {
      store.close();
    }
    pages.close();
  }
}
