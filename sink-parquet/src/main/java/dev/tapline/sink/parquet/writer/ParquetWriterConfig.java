package dev.tapline.sink.parquet.writer;

import dev.tapline.sink.parquet.compression.ParquetCompression;
import java.util.List;

/// How Parquet files are written.
///
/// @param compression how pages are compressed
/// @param level the compression level
/// @param rowGroupSize the number of buffered bytes at which a row group ends
/// @param pageSize the maximum number of bytes of values in a page
/// @param dictionary whether dictionaries are used
/// @param version2 whether data pages are of version 2
/// @param bloomFilters names of the columns that get a Bloom filter
/// @param sortingColumns names of the columns whose sort order is detected
public record ParquetWriterConfig(
    ParquetCompression compression,
    int level,
    long rowGroupSize,
    int pageSize,
    boolean dictionary,
    boolean version2,
    List<String> bloomFilters,
    List<String> sortingColumns) {
  private static final long DEFAULT_ROW_GROUP_SIZE = 64L << 20;
  private static final int DEFAULT_PAGE_SIZE = 1 << 20;

  /// The default configuration.
  public static final ParquetWriterConfig DEFAULT =
      new ParquetWriterConfig(
          ParquetCompression.ZSTD,
          ParquetCompression.ZSTD.defaultLevel(),
          DEFAULT_ROW_GROUP_SIZE,
          DEFAULT_PAGE_SIZE,
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
