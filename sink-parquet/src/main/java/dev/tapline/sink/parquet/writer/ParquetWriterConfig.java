package dev.tapline.sink.parquet.writer;

import dev.tapline.sink.parquet.compression.ParquetCompression;
import java.util.List;

/// How Parquet files are written.
///
/// @param compression how pages are compressed
/// @param level of the compression
/// @param rowGroupSize from how many buffered bytes on a row group ends
/// @param pageSize how many bytes of values go into a page, at most
/// @param dictionary whether values that repeat are replaced by numbers
/// @param version2 whether data pages are of version 2
/// @param bloomFilters names of the columns that get a Bloom filter
/// @param sortingColumns names of the columns by which an order of rows is looked for
public record ParquetWriterConfig(
    ParquetCompression compression,
    int level,
    long rowGroupSize,
    int pageSize,
    boolean dictionary,
    boolean version2,
    List<String> bloomFilters,
    List<String> sortingColumns) {
  private static final long USUAL_ROW_GROUP = 64L << 20;
  private static final int USUAL_PAGE = 1 << 20;

  /// The settings unless told otherwise.
  public static final ParquetWriterConfig DEFAULT =
      new ParquetWriterConfig(
          ParquetCompression.ZSTD,
          ParquetCompression.ZSTD.defaultLevel(),
          USUAL_ROW_GROUP,
          USUAL_PAGE,
          true,
          false,
          List.of(),
          List.of());

  /// Copies the lists.
  public ParquetWriterConfig {
    bloomFilters = List.copyOf(bloomFilters);
    sortingColumns = List.copyOf(sortingColumns);
  }
}
