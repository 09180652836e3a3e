package dev.tapline.sink.parquet.column;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.sink.parquet.compression.PageCodecs;
import dev.tapline.sink.parquet.compression.ParquetCompression;
import dev.tapline.sink.parquet.fixture.DuckDb;
import dev.tapline.sink.parquet.fixture.SampleRows;
import dev.tapline.sink.parquet.fixture.SampleRows.Nulls;
import dev.tapline.sink.parquet.reader.ParquetRowReader;
import dev.tapline.spi.batch.Batch;
import dev.tapline.testkit.Canonical;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.OffsetIndex;
import org.apache.parquet.format.PageLocation;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.internal.column.columnindex.ColumnIndexBuilder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Compares column chunks with those of parquet-java for the same rows.
final class ColumnChunksTest {
  private static final int MOST_PAGE_ROWS = 20_000;
  private static final List<Encoding> DICTIONARY =
      List.of(Encoding.PLAIN_DICTIONARY, Encoding.RLE_DICTIONARY);

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "1, NONE, NONE, 1048576, 1",
    "1, ALL, ZSTD, 1048576, 1",
    "7, SOME, SNAPPY, 1048576, 7",
    "8, ALTERNATING, GZIP, 1048576, 8",
    "9, RUNS, ZSTD, 1024, 4",
    "9, NONE, ZSTD, 1024, 9",
    "700, RUNS, ZSTD, 1024, 700",
    "6000, ALTERNATING, NONE, 1024, 5999",
    "9000, LATE, SNAPPY, 4096, 9000",
    "12000, NONE, NONE, 4096, 6000",
    "12000, SOME, GZIP, 65536, 12000",
    "20000, NONE, ZSTD, 1048576, 20000",
    "20001, SOME, ZSTD, 1048576, 20001",
    "20001, ALL, NONE, 1048576, 20001",
    "45000, RUNS, ZSTD, 1048576, 45000",
    "21000, LATE, SNAPPY, 65536, 21000",
  })
  void holdWhatTheLibrarysHold(
      int rows, Nulls nulls, ParquetCompression codec, int pageSize, int groupRows)
      throws Exception {
    long seed = 20_261_122L + rows;
    List<Batch> batches = SampleRows.batches(seed, nulls, rows, groupRows);
    ParquetProperties properties =
        ParquetProperties.builder()
            .withPageSize(pageSize)
            .withDictionaryPageSize(pageSize)
            .withDictionaryEncoding(true)
            .withPageWriteChecksumEnabled(true)
            .build();
    Path own = folder.resolve("own.parquet");
    Path library = folder.resolve("library.parquet");
    ChunkFile.write(own, batches, properties, codec, false);
    ChunkFile.write(library, batches, properties, codec, true);

    String what = "seed " + seed;
    compareRows(own, library, what);
    compareInDuckDb(own, library, what);
    ChunkFile file = new ChunkFile(own);
    ChunkFile other = new ChunkFile(library);
    for (int group = 0; group < batches.size(); group++) {
      for (int field = 0; field < ChunkFile.SCHEMA.getFieldCount(); field++) {
        String where =
            "%s, row group %d, %s".formatted(what, group, ChunkFile.SCHEMA.getFieldName(field));
        compareFooters(file, other, group, field, where);
        comparePages(file, group, field, batches.get(group), properties, where);
      }
    }
  }

  private static void compareRows(Path own, Path library, String what) throws IOException {
    try (PageCodecs codecs = new PageCodecs(1);
        ParquetRowReader ours = new ParquetRowReader(own, codecs, name -> true);
        ParquetRowReader theirs = new ParquetRowReader(library, codecs, name -> true)) {
      for (Optional<Batch> expected = theirs.next(); ; expected = theirs.next()) {
        Optional<Batch> found = ours.next();
        assertThat(found.isPresent()).as(what).isEqualTo(expected.isPresent());
        if (expected.isEmpty()) {
          return;
        }
        assertThat(found.get().rows()).as(what).isEqualTo(expected.get().rows());
        for (int row = 0; row < found.get().rows(); row++) {
          assertThat(Canonical.row(found.get(), row))
              .as(what)
              .isEqualTo(Canonical.row(expected.get(), row));
        }
      }
    }
  }

  private static void compareInDuckDb(Path own, Path library, String what) throws Exception {
    String differing =
        IntStream.range(0, ChunkFile.SCHEMA.getFieldCount())
            .mapToObj(ChunkFile.SCHEMA::getFieldName)
            .map(name ->
                "count(*) FILTER (a.\"%s\" IS DISTINCT FROM b.\"%s\")".formatted(name, name))
            .reduce((a, b) -> a + ", " + b)
            .orElseThrow();
    List<String> counts =
        DuckDb.query(
                "SELECT %s FROM '%s' a POSITIONAL JOIN '%s' b".formatted(differing, own, library))
            .getFirst();
    assertThat(counts).as(what).containsOnly("0");
  }

  private static void compareFooters(
      ChunkFile file, ChunkFile other, int group, int field, String where) throws IOException {
    ColumnMetaData own = file.chunk(group, field).getMeta_data();
    ColumnMetaData library = other.chunk(group, field).getMeta_data();
    assertThat(own.getNum_values()).as(where).isEqualTo(library.getNum_values());
    assertThat(own.getStatistics()).as(where).isEqualTo(library.getStatistics());
    assertThat(own.getSize_statistics()).as(where).isEqualTo(library.getSize_statistics());
    assertThat(own.getCodec()).as(where).isEqualTo(library.getCodec());
    assertThat(own.getType()).as(where).isEqualTo(library.getType());

    List<ChunkFile.Page> pages = file.pages(group, field);
    boolean words = pages.getFirst().header().isSetDictionary_page_header();
    assertThat(own.isSetDictionary_page_offset()).as(where).isEqualTo(words);
    List<Encoding> used =
        pages.stream()
            .map(page -> page.header().getData_page_header())
            .filter(Objects::nonNull)
            .map(DataPageHeader::getEncoding)
            .distinct()
            .toList();
    assertThat(used.stream().anyMatch(DICTIONARY::contains)).as(where).isEqualTo(words);
    assertThat(own.getEncodings()).as(where).containsAll(used);
    int counted = own.getEncoding_stats().stream().mapToInt(stats -> stats.getCount()).sum();
    assertThat(counted).as(where).isEqualTo(pages.size());
  }

  /// The statistics of each page are those of parquet-java.
  private static void comparePages(
      ChunkFile file, int group, int field, Batch batch, ParquetProperties properties, String where)
      throws IOException {
    OffsetIndex offsets = file.offsetIndex(group, field);
    List<ChunkFile.Page> pages = new ArrayList<>(file.pages(group, field));
    pages.removeIf(page -> page.header().isSetDictionary_page_header());
    assertThat(offsets.getPage_locations()).as(where).hasSameSizeAs(pages);
    ColumnIndexBuilder expected =
        ColumnIndexBuilder.getBuilder(
            ChunkFile.column(field).getPrimitiveType(), properties.getColumnIndexTruncateLength());
    for (int i = 0; i < pages.size(); i++) {
      PageLocation location = offsets.getPage_locations().get(i);
      assertThat(location.getOffset()).as(where).isEqualTo(pages.get(i).offset());
      assertThat(location.getCompressed_page_size()).as(where).isEqualTo(pages.get(i).size());
      int from = (int) location.getFirst_row_index();
      int to =
          i + 1 < pages.size()
              ? (int) offsets.getPage_locations().get(i + 1).getFirst_row_index()
              : batch.rows();
      assertThat(to - from).as(where).isBetween(1, MOST_PAGE_ROWS);
      RecordedValues seen = new RecordedValues(ChunkFile.column(field));
      ColumnWriterChunk target =
          new ColumnWriterChunk(seen, seen, SampleRows.FILE_SCHEMA.fields().get(field).fieldType());
      SampleRows.encoders().get(field).rows(batch, from, to, target);
      expected.add(seen.statistics(), seen.sizes());
      DataPageHeader header = pages.get(i).header().getData_page_header();
      assertThat(header.getNum_values()).as(where).isEqualTo(seen.entries());
      if (offsets.isSetUnencoded_byte_array_data_bytes()) {
        assertThat(Optional.of(offsets.getUnencoded_byte_array_data_bytes().get(i)))
            .as(where)
            .isEqualTo(seen.sizes().getUnencodedByteArrayDataBytes());
      }
    }
    assertThat(file.chunk(group, field).isSetColumn_index_offset())
        .as(where)
        .isEqualTo(expected.build() != null);
    if (expected.build() != null) {
      assertThat(file.columnIndex(group, field))
          .as(where)
          .isEqualTo(
              ParquetMetadataConverter.toParquetColumnIndex(
                  ChunkFile.column(field).getPrimitiveType(), expected.build()));
    }
  }
}
