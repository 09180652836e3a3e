package dev.tapline.sink.parquet;

import dev.tapline.files.s3.S3Config;
import dev.tapline.sink.parquet.FolderLayout.Partitioning;
import dev.tapline.sink.parquet.schema.ArrayPolicy;
import dev.tapline.sink.parquet.schema.SpecialValuePolicy;
import dev.tapline.sink.parquet.schema.WideDecimalPolicy;
import dev.tapline.spi.config.ConfigKey;
import dev.tapline.spi.config.ConfigSpec;
import dev.tapline.spi.config.Location;
import java.util.List;
import java.util.Map;

/// The options of the sink's section in a descriptor.
final class ParquetSinkOptions {
  /// The file formats.
  enum Format {
    PARQUET,
    AVRO
  }

  /// The compressions of both formats.
  enum Compression {
    ZSTD,
    SNAPPY,
    GZIP,
    DEFLATE,
    NONE
  }

  /// The versions of Parquet's data pages.
  enum PageVersion {
    V1,
    V2
  }

  private static final long MIN_FILE_SIZE = 64L << 10;
  private static final long DEFAULT_FILE_SIZE = 512L << 20;
  private static final long DEFAULT_ROW_GROUP_SIZE = 64L << 20;
  private static final long DEFAULT_PAGE_SIZE = 1L << 20;
  private static final long MIN_PAGE_SIZE = 1L << 10;
  private static final int MAX_LEVEL = 19;

  static final ConfigKey<Location> PATH =
      ConfigKey.location("path")
          .required()
          .doc(
              "Folder to write to, on this machine; it is made when it is missing. Or `s3://bucket/folder`, in S3 or a"
                  + " store that speaks its language.");

  static final ConfigKey<Format> FORMAT =
      ConfigKey.choice("format", Format.class)
          .withDefault(Format.PARQUET)
          .doc("`parquet` or `avro`: what the files `<path>/<destination>/*` are.");

  static final ConfigKey<Compression> COMPRESSION =
      ConfigKey.choice("compression", Compression.class)
          .withDefault(Compression.ZSTD)
          .doc(
              "`zstd`, `snappy`, `none`, and `gzip` (Parquet) or `deflate` (Avro). Files keep their names: the"
                  + " compression is inside of them.");

  static final ConfigKey<Long> COMPRESSION_LEVEL =
      ConfigKey.integer("compression-level")
          .range(1, MAX_LEVEL)
          .doc(
              "How hard to compress: 1 (fast) to 19 with `zstd` (default 1), to 9 with `gzip` and `deflate` (default"
                  + " 6).");

  static final ConfigKey<Long> FILE_SIZE =
      ConfigKey.size("file-size")
          .range(MIN_FILE_SIZE, Long.MAX_VALUE)
          .withDefault(DEFAULT_FILE_SIZE)
          .doc(
              "A writer begins another file once one has this size. Every checkpoint ends files too.");

  static final ConfigKey<Long> ROW_GROUP_SIZE =
      ConfigKey.size("row-group-size")
          .range(MIN_FILE_SIZE, 1L << 30)
          .withDefault(DEFAULT_ROW_GROUP_SIZE)
          .doc(
              "Size of a Parquet row group, compressed: what a writer keeps in memory. All writers together keep a"
                  + " quarter of the heap at most, and end row groups early for that.");

  static final ConfigKey<Long> PAGE_SIZE =
      ConfigKey.size("page-size")
          .range(MIN_PAGE_SIZE, DEFAULT_ROW_GROUP_SIZE)
          .withDefault(DEFAULT_PAGE_SIZE)
          .doc("Size of a Parquet page before compression.");

  static final ConfigKey<PageVersion> PAGE_VERSION =
      ConfigKey.choice("page-version", PageVersion.class)
          .withDefault(PageVersion.V1)
          .doc(
              "Version of Parquet's data pages: `v1` is read everywhere, `v2` is smaller and slower to write.");

  static final ConfigKey<Boolean> DICTIONARY =
      ConfigKey.bool("dictionary")
          .withDefault(true)
          .doc("Whether Parquet columns whose values repeat are written through a dictionary.");

  static final ConfigKey<List<String>> BLOOM_FILTERS =
      ConfigKey.strings("bloom-filters")
          .withDefault(List.of())
          .doc(
              "Names of columns that get a Bloom filter in Parquet files, in each stream that has them; a list has one of its elements. Where a dictionary has all values of a column, it gets none.");

  static final ConfigKey<List<String>> SORTING_COLUMNS =
      ConfigKey.strings("sorting-columns")
          .withDefault(List.of())
          .doc(
              "Names of columns. A Parquet row group whose rows are seen to be in ascending order of them, without a"
                  + " NULL, says so in the footer. Rows are not sorted for it.");

  static final ConfigKey<SpecialValuePolicy> SPECIAL_VALUES =
      ConfigKey.choice("special-values", SpecialValuePolicy.class)
          .withDefault(SpecialValuePolicy.FAIL)
          .doc(
              "What becomes of values that the formats cannot hold (infinite dates and timestamps, timestamps after"
                  + " 294246, `24:00`, NaN and infinity of `numeric`, arrays of another shape): `fail` ends the run"
                  + " with column and value, `null` writes NULL and reports the count, `text` makes all columns of"
                  + " such types but arrays text.");

  static final ConfigKey<WideDecimalPolicy> WIDE_DECIMALS =
      ConfigKey.choice("wide-decimals", WideDecimalPolicy.class)
          .withDefault(WideDecimalPolicy.TEXT)
          .doc(
              "What becomes of `numeric` columns without a precision, or of more than 38 digits: `text`, or `fail`.");

  static final ConfigKey<ArrayPolicy> ARRAYS =
      ConfigKey.choice("arrays", ArrayPolicy.class)
          .withDefault(ArrayPolicy.LIST)
          .doc(
              "`list`: arrays are lists, of one dimension unless `array-dimensions` says more. `text`: `{1,NULL}`.");

  static final ConfigKey<Map<String, String>> ARRAY_DIMENSIONS =
      ConfigKey.map("array-dimensions")
          .withDefault(Map.of())
          .doc(
              "Arrays of more than one dimension, as in `{orders.grid: 2}`: `destination.column`, with `*` for"
                  + " anything. The lists are nested so deep.");

  static final ConfigKey<List<String>> TEXT_COLUMNS =
      ConfigKey.strings("text-columns")
          .withDefault(List.of())
          .doc(
              "Columns to be written as PostgreSQL's text, whatever they hold: `destination.column`, with `*` for"
                  + " anything.");

  static final ConfigKey<Partitioning> PARTITION_BY =
      ConfigKey.choice("partition-by", Partitioning.class)
          .withDefault(Partitioning.NONE)
          .doc(
              "Folders below a stream's: `load-date` (`load_date=2026-11-20/`, UTC) or `column`"
                  + " (`region_part=EU/`, of a timestamp its day). Files keep all columns.");

  static final ConfigKey<String> PARTITION_COLUMN =
      ConfigKey.string("partition-column").doc("The column, with `partition-by: column`.");

  static final ConfigKey<Boolean> SUCCESS_MARKER =
      ConfigKey.bool("success-marker")
          .withDefault(false)
          .doc(
              "Whether an empty file `_SUCCESS` stands in a stream's folder once a load is complete.");

  static final ConfigKey<Boolean> COMPACT =
      ConfigKey.bool("compact")
          .withDefault(false)
          .doc(
              "Whether `<path>/<destination>__current/` holds the stream's rows as they are now, with changes merged by"
                  + " key, replaced in one step at each checkpoint. Not in an object store.");

  static final ConfigSpec SPEC =
      ConfigSpec.of(
          PATH,
          S3Config.SECTION,
          FORMAT,
          COMPRESSION,
          COMPRESSION_LEVEL,
          FILE_SIZE,
          ROW_GROUP_SIZE,
          PAGE_SIZE,
          PAGE_VERSION,
          DICTIONARY,
          BLOOM_FILTERS,
          SORTING_COLUMNS,
          SPECIAL_VALUES,
          WIDE_DECIMALS,
          ARRAYS,
          ARRAY_DIMENSIONS,
          TEXT_COLUMNS,
          PARTITION_BY,
          PARTITION_COLUMN,
          SUCCESS_MARKER,
          COMPACT);

  private ParquetSinkOptions() {}
}
