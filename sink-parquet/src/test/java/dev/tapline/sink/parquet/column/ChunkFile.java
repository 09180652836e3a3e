package dev.tapline.sink.parquet.column;

import dev.tapline.sink.parquet.compression.PageCodecs;
import dev.tapline.sink.parquet.compression.ParquetCompression;
import dev.tapline.sink.parquet.fixture.SampleRows;
import dev.tapline.sink.parquet.schema.AvroSchemas;
import dev.tapline.sink.parquet.schema.ParquetSchemas;
import dev.tapline.spi.batch.Batch;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.crypto.FileEncryptionProperties;
import org.apache.parquet.format.ColumnIndex;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.OffsetIndex;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;

/// A file of [SampleRows] whose column chunks are encoded here or by parquet-java.
final class ChunkFile {
  static final MessageType SCHEMA = ParquetSchemas.of(SampleRows.FILE_SCHEMA);

  private final byte[] bytes;
  private final FileMetaData footer;

  ChunkFile(Path path) throws IOException {
    this.bytes = Files.readAllBytes(path);
    int end = bytes.length - 8;
    int length = ByteBuffer.wrap(bytes, end, 4).order(ByteOrder.LITTLE_ENDIAN).getInt();
    this.footer = Util.readFileMetaData(new ByteArrayInputStream(bytes, end - length, length));
  }

  /// Writes each batch to a row group.
  static void write(
      Path path,
      List<Batch> batches,
      ParquetProperties properties,
      ParquetCompression codec,
      boolean library)
      throws IOException {
    try (PageCodecs codecs = new PageCodecs(codec.defaultLevel());
        ParquetFileWriter file =
            new ParquetFileWriter(
                new LocalOutputFile(path),
                SCHEMA,
                ParquetFileWriter.Mode.OVERWRITE,
                1 << 20,
                0,
                (FileEncryptionProperties) null,
                properties)) {
      file.start();
      for (Batch batch : batches) {
        ColumnChunkPageWriteStore pages =
            new ColumnChunkPageWriteStore(
                codecs.getCompressor(codec.parquetName()),
                SCHEMA,
                properties.getAllocator(),
                properties.getColumnIndexTruncateLength(),
                properties.getPageWriteChecksumEnabled());
        for (int i = 0; i < SCHEMA.getFieldCount(); i++) {
          ColumnChunk chunk = chunk(i, pages, properties, library);
          SampleRows.encoders().get(i).rows(batch, 0, batch.rows() / 2, chunk);
          SampleRows.encoders().get(i).rows(batch, batch.rows() / 2, batch.rows(), chunk);
          chunk.finish();
          chunk.close();
        }
        file.startBlock(batch.rows());
        pages.flushToFileWriter(file);
        file.endBlock();
        pages.close();
      }
      file.end(AvroSchemas.footer(SampleRows.FILE_SCHEMA));
    }
  }

  static ColumnDescriptor column(int field) {
    return SCHEMA.getColumns().get(field);
  }

  private static ColumnChunk chunk(
      int field, ColumnChunkPageWriteStore pages, ParquetProperties properties, boolean library) {
    ColumnDescriptor column = column(field);
    if (!library) {
      return Objects.requireNonNull(
          PagedColumnChunk.of(column, properties, pages.getPageWriter(column)));
    }
    ColumnWriteStore store =
        properties.newColumnWriteStore(
            new MessageType(SCHEMA.getName(), SCHEMA.getType(field)), pages, pages);
    return new ColumnWriterChunk(
        store,
        store.getColumnWriter(column),
        SampleRows.FILE_SCHEMA.fields().get(field).fieldType());
  }

  org.apache.parquet.format.ColumnChunk chunk(int rowGroup, int field) {
    return footer.getRow_groups().get(rowGroup).getColumns().get(field);
  }

  ColumnIndex columnIndex(int rowGroup, int field) throws IOException {
    org.apache.parquet.format.ColumnChunk chunk = chunk(rowGroup, field);
    return Util.readColumnIndex(
        new ByteArrayInputStream(
            bytes, (int) chunk.getColumn_index_offset(), chunk.getColumn_index_length()));
  }

  OffsetIndex offsetIndex(int rowGroup, int field) throws IOException {
    org.apache.parquet.format.ColumnChunk chunk = chunk(rowGroup, field);
    return Util.readOffsetIndex(
        new ByteArrayInputStream(
            bytes, (int) chunk.getOffset_index_offset(), chunk.getOffset_index_length()));
  }

  /// A page and its offset.
  ///
  /// @param size the size of the header and the page
  record Page(PageHeader header, long offset, int size) {}

  /// The pages of a chunk, the dictionary's first.
  List<Page> pages(int rowGroup, int field) throws IOException {
    var data = chunk(rowGroup, field).getMeta_data();
    long at =
        data.isSetDictionary_page_offset()
            ? data.getDictionary_page_offset()
            : data.getData_page_offset();
    long end = at + data.getTotal_compressed_size();
    List<Page> pages = new ArrayList<>();
    while (at < end) {
      ByteArrayInputStream in = new ByteArrayInputStream(bytes, (int) at, (int) (end - at));
      PageHeader header = Util.readPageHeader(in);
      int size = (int) (end - at) - in.available() + header.getCompressed_page_size();
      pages.add(new Page(header, at, size));
      at += size;
    }
    return pages;
  }
}
