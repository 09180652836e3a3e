package dev.tapline.sink.parquet.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.files.LocalFile;
import dev.tapline.sink.parquet.DuckDb;
import dev.tapline.sink.parquet.format.RowFile;
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
    ParquetSettings usual = ParquetSettings.DEFAULT;
    ParquetSettings settings =
        new ParquetSettings(
            usual.compression(),
            usual.level(),
            usual.rowGroupSize(),
            usual.pageSize(),
            // A column that has nothing but dictionaries needs no filter, and gets none.
            false,
            usual.version2(),
            List.of("id", "tags", "elsewhere"),
            usual.sortingColumns());
    try (ParquetFormat format = new ParquetFormat(settings, 1);
        RowFile file = format.create(new LocalFile(path), SampleRows.PLAN, ChunkFile.encoders())) {
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
