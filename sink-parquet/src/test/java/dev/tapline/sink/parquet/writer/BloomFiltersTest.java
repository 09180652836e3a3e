package dev.tapline.sink.parquet.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.files.LocalFile;
import dev.tapline.sink.parquet.ParquetFormat;
import dev.tapline.sink.parquet.fixture.DuckDb;
import dev.tapline.sink.parquet.fixture.SampleRows;
import dev.tapline.sink.parquet.format.RowWriter;
import dev.tapline.spi.batch.Batch;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BloomFiltersTest {
  @TempDir Path folder;

  @Test
  void areWrittenForListsTooAndForNoColumnThatWasNotNamed() throws Exception {
    Path path = folder.resolve("rows.parquet");
    ParquetWriterConfig usual = ParquetWriterConfig.DEFAULT;
    ParquetWriterConfig config =
        new ParquetWriterConfig(
            usual.compression(),
            usual.level(),
            usual.rowGroupSize(),
            usual.pageSize(),
            // A column that has nothing but dictionaries needs no filter, and gets none.
            false,
            usual.version2(),
            List.of("id", "tags", "elsewhere"),
            usual.sortingColumns());
    try (ParquetFormat format = new ParquetFormat(config, 1);
        RowWriter file =
            format.create(new LocalFile(path), SampleRows.FILE_SCHEMA, SampleRows.encoders())) {
      for (Batch batch : SampleRows.batches(1, SampleRows.Nulls.SOME, 2_000, 500)) {
        file.write(batch, 0, batch.rows());
      }
      file.finish();
    }
    assertThat(
            DuckDb.query(
                "SELECT path_in_schema FROM parquet_metadata('%s') WHERE bloom_filter_offset IS NOT NULL"
                    .formatted(path)))
        .containsExactlyInAnyOrder(List.of("id"), List.of("tags, list, element"));
  }
}
