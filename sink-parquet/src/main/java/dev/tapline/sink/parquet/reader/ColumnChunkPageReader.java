package dev.tapline.sink.parquet.reader;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputDecompressor;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.Util;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.jspecify.annotations.Nullable;

/// Reads the pages of a column chunk.
final class ColumnChunkPageReader implements PageReader {
  private static final ParquetMetadataConverter CONVERTER = new ParquetMetadataConverter();

  private final ColumnChunkMetaData chunk;
  private final BytesInputDecompressor decompressor;
  private final Statistics<?> noStatistics;
  private final ByteArrayInputStream bytes;
  private @Nullable DictionaryPage dictionary;
  private @Nullable DataPage first;

  ColumnChunkPageReader(
      ColumnChunkMetaData chunk, byte[] bytes, BytesInputDecompressor decompressor)
      throws IOException {
    this.chunk = chunk;
    this.decompressor = decompressor;
    this.noStatistics = Statistics.createStats(chunk.getPrimitiveType());
    this.bytes = new ByteArrayInputStream(bytes);
    this.first = next();
  }

  @Override
  public @Nullable DictionaryPage readDictionaryPage() {
    return dictionary;
  }

  @Override
  public long getTotalValueCount() {
    return chunk.getValueCount();
  }

  @Override
  public @Nullable DataPage readPage() {
    DataPage page = first;
    first = null;
    try {
      return page == null ? next() : page;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // The dictionary page comes before the first data page.
  private @Nullable DataPage next() throws IOException {
    while (bytes.available() > 0) {
      PageHeader header = Util.readPageHeader(bytes);
      byte[] page = bytes.readNBytes(header.getCompressed_page_size());
      verify(header, page);
      DataPageHeader version1 = header.getData_page_header();
      if (version1 != null) {
        return version1(header, version1, page);
      }
      DataPageHeaderV2 version2 = header.getData_page_header_v2();
      if (version2 != null) {
        return version2(header, version2, page);
      }
      DictionaryPageHeader words = header.getDictionary_page_header();
      if (words != null) {
        dictionary =
            new DictionaryPage(
                plain(page, header.getUncompressed_page_size()),
                words.getNum_values(),
                CONVERTER.getEncoding(words.getEncoding()));
      }
    }
    return null;
  }

  private DataPage version1(PageHeader header, DataPageHeader data, byte[] page)
      throws IOException {
    return new DataPageV1(
        plain(page, header.getUncompressed_page_size()),
        data.getNum_values(),
        header.getUncompressed_page_size(),
        noStatistics,
        CONVERTER.getEncoding(data.getRepetition_level_encoding()),
        CONVERTER.getEncoding(data.getDefinition_level_encoding()),
        CONVERTER.getEncoding(data.getEncoding()));
  }

  private DataPage version2(PageHeader header, DataPageHeaderV2 data, byte[] page)
      throws IOException {
    int repetition = data.getRepetition_levels_byte_length();
    int levels = repetition + data.getDefinition_levels_byte_length();
    byte[] values = Arrays.copyOfRange(page, levels, page.length);
    int size = header.getUncompressed_page_size() - levels;
    return DataPageV2.uncompressed(
        data.getNum_rows(),
        data.getNum_nulls(),
        data.getNum_values(),
        BytesInput.from(Arrays.copyOfRange(page, 0, repetition)),
        BytesInput.from(Arrays.copyOfRange(page, repetition, levels)),
        CONVERTER.getEncoding(data.getEncoding()),
        data.isIs_compressed() ? plain(values, size) : BytesInput.from(values),
        noStatistics);
  }

  private BytesInput plain(byte[] page, int size) throws IOException {
    return decompressor.decompress(BytesInput.from(page), size);
  }

  private void verify(PageHeader header, byte[] page) throws IOException {
    if (!header.isSetCrc()) {
      return;
    }
    CRC32 sum = new CRC32();
    sum.update(page);
    if ((int) sum.getValue() != header.getCrc()) {
      throw new IOException(
          "a page of the column '%s' is damaged: its checksum differs".formatted(chunk.getPath()));
    }
  }
}
